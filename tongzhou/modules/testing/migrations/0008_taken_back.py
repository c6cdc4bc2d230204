"""Whether a swab was taken back is found without reading all that its device sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("testing", "0007_what_conflicted")]
    operations = [
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(
                fields=["campaign", "device", "of"], condition=models.Q(of__isnull=False), name="testing_checkin_back"
            ),
        )
    ]
