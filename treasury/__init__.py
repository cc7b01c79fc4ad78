"""Composition of the product: settings, routes, worker, commands. Nothing below imports it except the core and ledger apps it holds."""
