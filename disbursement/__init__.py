"""The treasury's desk: reception, examination, payment, cheques, bank, reconciliation, registers."""
