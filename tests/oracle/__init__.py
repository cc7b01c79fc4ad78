"""A second, independent reading of the published rules, to compare the product with.

`play` decides days of voucher files by the letter of the rules and knows nothing of the product; `generate`
writes random days whose outcome the rules decide. Both use the standard library only.
"""
