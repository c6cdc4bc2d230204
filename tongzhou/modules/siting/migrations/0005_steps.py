"""What changes on a plan is one of several steps, and of laboratories each has its own lanes."""

from typing import Any

from django.db import migrations, models


def told(apps: Any, schema_editor: Any) -> None:
    """Closings are said to be that; a number of lanes becomes what was worked out with it, which changed the first laboratory only."""
    Option = apps.get_model("siting", "Option")
    Option.objects.exclude(spots=[]).update(step="close")
    for option in Option.objects.filter(changes__has_key="lanes").select_related("study"):
        labs = option.study.sheets.filter(kind="labs").first()
        total = option.changes.pop("lanes")
        if labs and isinstance(total, int):
            others = sum(row["lanes"] for row in labs.rows[1:])
            option.changes["lanes"] = {labs.rows[0]["key"]: max(0, total - others)}
        option.save(update_fields=["changes"])


class Migration(migrations.Migration):
    dependencies = [
        ("siting", "0004_hours_and_days"),
    ]

    operations = [
        migrations.RenameField("option", "closing", "spots"),
        migrations.RenameField("option", "closing_at", "at"),
        migrations.AddField(
            model_name="option",
            name="left",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="option",
            name="step",
            field=models.CharField(
                blank=True,
                choices=[
                    ("close", "关闭采样点"),
                    ("reduce", "减少采样台"),
                    ("reopen", "重新开放采样点"),
                    ("labs", "检测线有变"),
                    ("prove", "证明到底"),
                ],
                default="",
                max_length=6,
                verbose_name="原方案上的调整",
            ),
        ),
        migrations.RunPython(told, migrations.RunPython.noop),
    ]
