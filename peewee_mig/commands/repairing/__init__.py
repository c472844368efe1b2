"""How repair finds what is wrong with our records, and what would put it right. Pure."""
