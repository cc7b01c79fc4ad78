"""Reading what the desk keeps: queues, sums and equations for its pages."""
