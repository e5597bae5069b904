"""Orders in stages, what is ordered from suppliers, and help where something is not to be had."""

from crm.orders.models.helping import OtherPlace, Place, StockHelp
from crm.orders.models.orders import Order, OrderEvent
from crm.orders.models.supplying import SupplierOrder, SupplierOrderLine

__all__ = ["Order", "OrderEvent", "OtherPlace", "Place", "StockHelp", "SupplierOrder", "SupplierOrderLine"]
