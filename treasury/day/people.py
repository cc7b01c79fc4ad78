"""The people of a day and their cards: whoever the books do not know yet is provided and gets a card."""

PIN = "246810"
