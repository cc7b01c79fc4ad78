"""What the pages of every app share: problems shown as pages, lists, exports, queues, one effect a submission."""
