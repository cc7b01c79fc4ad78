"""Composition of the product: settings, routes, worker, commands; the core and ledger apps live in it too."""
