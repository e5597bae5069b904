"""A made-up salon of any size, for measuring and for trying things out."""

from crm.office.made_up.salon import Made, NotEmpty, make_salon

__all__ = ["Made", "NotEmpty", "make_salon"]
