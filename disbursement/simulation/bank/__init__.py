"""The treasury's agent bank, simulated: `python -m disbursement.simulation.bank --help`.

It keeps the master account, takes in batches, executes them, returns what it cannot credit, pays cheques and issues
statements. It has a store of its own and knows nothing of the treasury but what arrives over the wire.
"""
