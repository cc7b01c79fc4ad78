"""ISO 20022 as the treasury speaks it with its agent bank: pain.001 out, pain.002 and camt.053 in.

Messages are bytes here; nothing in this package knows a model, a clock or the network.
"""
