"""The command contract, row by row: what each command prints, stores and exits with."""
