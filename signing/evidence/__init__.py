"""One file per voucher that proves its payment to whoever trusts the pinned anchors and the log's key alone."""
