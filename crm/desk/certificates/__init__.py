"""Gift certificates at the desk: sold, looked at, printed (rules.md, Money at the checkout)."""
