"""A card's number as people read it out."""


def number_in_groups(number: str) -> str:
    """“482 100 9700”"""
    return f"{number[:3]} {number[3:6]} {number[6:]}"
