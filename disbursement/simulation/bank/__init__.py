"""The treasury's agent bank, simulated: `python -m disbursement.simulation.bank --help`.

It keeps the master account, takes in batches, executes them, returns what it cannot credit, pays cheques and issues
statements. It has a store of its own and knows nothing of the treasury but what arrives over the wire, on 127.0.0.1:

    PUT  /rosters/MESSAGE-ID      payees of an entrusted transfer, JSON Lines {name, account_no, amount_twd, ...}
    GET  /rosters/MESSAGE-ID      what became of them
    PUT  /batches/MESSAGE-ID      a payment order (pain.001.001.09); answers the receipt
    GET  /enquiries/ID            status of a message id or an end-to-end id
    GET  /results?after=N         numbered results (pain.002.001.10), {results: [{seq, message}], has_more}
    GET  /statements/YYYY-MM-DD   the day's statement (camt.053.001.08)
    PUT  /stops/CHEQUE-NO         stops payment of a cheque
    POST /cheques                 {cheque_no, amount_twd}: a payee's bank presents a cheque
    POST /deposits                {deposit_id, amount_twd, text}: money is paid in
    GET  /account, GET /health    account_no and balance_twd; readiness

Refusals are problem objects: 400 not understood, 404 no such thing, 409 the id stands for other content, 411 and 413 a
body without length or too long, 422 an order that is wrong.
"""
