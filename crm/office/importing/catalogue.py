"""Writing services, products and masters of an import.

Records of line 0 stand in no file of their own (the master of a booking), so they are not counted.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.catalogue.models import Product, Service, ServiceStretch, Skill
from crm.catalogue.services import open_stock
from crm.office.importing.records import MasterRecord, ProductRecord, ServiceRecord
from crm.office.importing.run import KnownService, Run
from crm.team.models import Master


def _twice(code: str) -> str:
    return _("The code “%(code)s” stands in this file twice; the first one counts.") % {"code": code}


def write_services(run: Run, file: str, records: Iterable[ServiceRecord]) -> None:
    """New services; one whose code is known stays as it is in the salon."""
    count, met = run.outcome.file(file), set()
    instead: dict[int, ServiceRecord] = {}
    for record in records:
        if record.code in met:
            run.outcome.reject(file, record.line, _twice(record.code))
            continue
        met.add(record.code)
        if record.code in run.catalogue.services:
            count.unchanged += bool(record.line)
            continue
        service = Service(
            branch=run.branch,
            code=record.code,
            name=record.name,
            category=record.category,
            minutes=record.minutes,
            price=record.price,
            usual_return_days=record.usual_return_days,
            ask_after_days=record.ask_after_days,
            is_one_off=record.is_one_off,
            is_active=record.is_active,
            buffer_minutes=record.buffer_minutes,
            is_bookable_online=record.is_online,
        )
        service.save()
        ServiceStretch.objects.bulk_create(
            [
                ServiceStretch(service=service, position=place, kind=kind, minutes=minutes)
                for place, (kind, minutes) in enumerate(record.parts)
            ]
        )
        run.catalogue.services[record.code] = KnownService(
            service.pk, service.minutes, service.price, service.buffer_minutes, record.parts
        )
        count.imported += bool(record.line)
        if record.otherwise:
            instead[service.pk] = record
    for pk, record in instead.items():
        other = run.catalogue.services.get(record.otherwise)
        if other is None:
            run.outcome.leave_out(file, record.line, _("There is no service “%(code)s”.") % {"code": record.otherwise})
        else:
            Service.objects.filter(pk=pk).update(otherwise=other.pk)


def write_products(run: Run, file: str, records: Iterable[ProductRecord]) -> None:
    """New products; one whose code is known stays as it is in the salon."""
    count, met, new = run.outcome.file(file), set(), []
    for record in records:
        if record.code in met:
            run.outcome.reject(file, record.line, _twice(record.code))
            continue
        met.add(record.code)
        if record.code in run.catalogue.products:
            count.unchanged += bool(record.line)
            continue
        product = Product(
            branch=run.branch,
            code=record.code,
            name=record.name,
            price=record.price,
            cost=record.cost,
            stock=record.stock,
            minimum=record.minimum,
            supplier=record.supplier,
            brand=record.brand,
            category=record.category,
            is_active=record.is_active,
            lasts_days=record.lasts_days,
        )
        product.save()
        new.append(product)
        run.catalogue.products[record.code] = product.pk
        count.imported += bool(record.line)
    open_stock(products=new, now=run.now)


def write_masters(run: Run, file: str, records: Iterable[MasterRecord]) -> None:
    """New masters with what they do; they have no login until the owner gives them one."""
    count, met = run.outcome.file(file), set()
    for record in records:
        if record.code in met:
            run.outcome.reject(file, record.line, _twice(record.code))
            continue
        met.add(record.code)
        if record.code in run.catalogue.masters:
            count.unchanged += bool(record.line)
            continue
        master = Master(branch=run.branch, code=record.code, name=record.name, is_active=record.is_active)
        master.save()
        run.catalogue.masters[record.code] = master.pk
        count.imported += bool(record.line)
        known = []
        for code in dict.fromkeys(record.services):
            if code in run.catalogue.services:
                known.append(run.catalogue.services[code].pk)
            else:
                run.outcome.leave_out(file, record.line, _("There is no service “%(code)s”.") % {"code": code})
        Skill.objects.bulk_create([Skill(master=master, service_id=pk) for pk in known])
