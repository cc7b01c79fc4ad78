"""What is asked to be paid: voucher files, rules, review, certification, release, return."""
