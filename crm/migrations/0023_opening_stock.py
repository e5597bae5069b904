from django.db import migrations
from django.utils import timezone


def open_stock(apps, schema_editor):
    """What stands in the book already is where the moves begin."""
    product, move = apps.get_model('crm', 'Product'), apps.get_model('crm', 'StockMove')
    now = timezone.now()
    rows = product.objects.filter(stock__isnull=False, moves__isnull=True).values_list('pk', 'stock')
    move.objects.bulk_create(
        [move(product_id=pk, kind='opening', quantity=stock, at=now) for pk, stock in rows.iterator()], batch_size=1000
    )


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0022_shop'),
    ]

    operations = [
        migrations.RunPython(open_stock, migrations.RunPython.noop),
    ]
