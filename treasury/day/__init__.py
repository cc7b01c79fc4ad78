"""A treasury day played from end to end without a browser: `run_day` and `demo` use it.

The people are simulated, everything they touch is not: their steps are the services, their cards sign over HTTP,
workers take the vouchers in, the bank is a process on the other side of a socket.
"""
