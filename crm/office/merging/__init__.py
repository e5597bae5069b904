"""Two cards of one client become one: which, what stays, what moves (house.md, crm/office)."""
