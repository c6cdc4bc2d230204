"""What a conflict's device said happened, so that deciding it changes the tube accordingly; sheets of paper counted by point."""

from django.db import migrations, models

SAMPLE, CLOSE, BOX = 1, 3, 4


def tell(apps, schema_editor):  # type: ignore[no-untyped-def]  # as Django calls it
    """Of those that are there only swabs have a person. The others are taken for what leaves a tube's count as it is."""
    conflicts = apps.get_model("testing", "Conflict").objects
    conflicts.filter(kind="box").update(fact=BOX)
    conflicts.filter(kind__in=("revoked", "number"), person=None).update(fact=CLOSE)


class Migration(migrations.Migration):
    dependencies = [("testing", "0006_key_used")]
    operations = [
        migrations.AddField(
            model_name="conflict",
            name="fact",
            field=models.SmallIntegerField(
                choices=[(1, "采样"), (2, "更正"), (3, "封管"), (4, "封箱"), (5, "交转运")],
                default=SAMPLE,
                verbose_name="发生了什么",
            ),
            preserve_default=False,
        ),
        migrations.AddField(model_name="conflict", name="of", field=models.IntegerField(null=True)),
        migrations.AddField(
            model_name="point",
            name="sheets",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="已印登记表"),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop, elidable=True),
    ]
