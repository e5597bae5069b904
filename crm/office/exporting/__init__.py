"""A salon as files: `export_salon` (contracts.md)."""

from crm.office.exporting.folder import ExportRefused, export_salon

__all__ = ["ExportRefused", "export_salon"]
