"""Setting up the loyalty programme: sums proposed from the salon's typical ticket (rules.md, Money at the checkout)."""
