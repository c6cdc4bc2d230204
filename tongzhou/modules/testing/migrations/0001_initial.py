import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import tongzhou.kernel.figures
import tongzhou.kernel.seal.fields
from tongzhou.kernel.migrating import Tables


class Migration(Tables):
    initial = True

    dependencies = [
        ("kernel", "0004_front_line"),
        ("kernel", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name="编号"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("state", models.CharField(editable=False, max_length=20, verbose_name="状态")),
                ("happened_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="发生日期")),
                (
                    "happened_precision",
                    models.CharField(
                        choices=[("day", "日"), ("month", "月"), ("year", "年")],
                        default="day",
                        max_length=5,
                        verbose_name="日期精度",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=1, verbose_name="所代表的次数")),
                (
                    "bound",
                    models.CharField(
                        choices=[
                            ("exact", "确切"),
                            ("at_least", "至少（…余）"),
                            ("under", "接近（近…）"),
                            ("about", "大约（约…）"),
                        ],
                        default=tongzhou.kernel.figures.Bound["EXACT"],
                        max_length=10,
                        verbose_name="数字性质",
                    ),
                ),
                ("source", models.TextField(blank=True, default="", verbose_name="来源")),
                (
                    "filed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="登记时间"),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, default="", max_length=160, verbose_name="英文名称")),
                ("called", models.TextField(blank=True, default="", verbose_name="应检人群")),
                ("begins_at", models.DateTimeField(blank=True, null=True, verbose_name="采样开始")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="采样截止")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("single", "单采单检"),
                            ("household", "一户一管"),
                            ("ten", "10合1混采"),
                            ("twenty", "20合1混采"),
                        ],
                        default="ten",
                        max_length=10,
                        verbose_name="采样方式",
                    ),
                ),
                ("expected", models.PositiveIntegerField(blank=True, null=True, verbose_name="应检人数")),
                (
                    "in_hand",
                    models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name="实物采样管"),
                ),
                ("differences", models.TextField(blank=True, default="", editable=False, verbose_name="差额说明")),
                ("people", models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name="采样人次")),
                ("times_unknown", models.BooleanField(default=False, editable=False, verbose_name="轮次数不详")),
                (
                    "filed_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.response",
                        verbose_name="响应",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "检测轮次",
                "ordering": ["-happened_on", "key"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["response", "happened_on", "key"], name="testing_campaign_day"),
                    models.Index(fields=["response", "state"], name="testing_campaign_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bound", tongzhou.kernel.figures.Bound["EXACT"]), ("quantity", 1)),
                            models.Q(("source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="testing_campaign_total_has_source",
                        violation_error_message="只有总数的记录须写明来源。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("begins_at", None),
                            ("ends_at", None),
                            ("ends_at__gt", models.F("begins_at")),
                            _connector="OR",
                        ),
                        name="testing_campaign_window",
                        violation_error_message="采样截止应晚于采样开始。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Zone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("single", "单采单检"),
                            ("household", "一户一管"),
                            ("ten", "10合1混采"),
                            ("twenty", "20合1混采"),
                        ],
                        max_length=10,
                        verbose_name="采样方式",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="zones", to="testing.campaign"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.unit",
                        verbose_name="区域",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("campaign", "unit"), name="testing_zone_once")],
            },
        ),
        migrations.CreateModel(
            name="Point",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name="编号"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("state", models.CharField(editable=False, max_length=20, verbose_name="状态")),
                ("happened_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="发生日期")),
                (
                    "happened_precision",
                    models.CharField(
                        choices=[("day", "日"), ("month", "月"), ("year", "年")],
                        default="day",
                        max_length=5,
                        verbose_name="日期精度",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=1, verbose_name="所代表的次数")),
                (
                    "bound",
                    models.CharField(
                        choices=[
                            ("exact", "确切"),
                            ("at_least", "至少（…余）"),
                            ("under", "接近（近…）"),
                            ("about", "大约（约…）"),
                        ],
                        default=tongzhou.kernel.figures.Bound["EXACT"],
                        max_length=10,
                        verbose_name="数字性质",
                    ),
                ),
                ("source", models.TextField(blank=True, default="", verbose_name="来源")),
                (
                    "filed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="登记时间"),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("place", models.CharField(blank=True, default="", max_length=120, verbose_name="位置")),
                (
                    "tables",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="采样台数",
                    ),
                ),
                ("expected", models.PositiveIntegerField(blank=True, null=True, verbose_name="应检人数")),
                ("staff", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="工作人员数")),
                (
                    "lat",
                    models.FloatField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="纬度",
                    ),
                ),
                (
                    "lon",
                    models.FloatField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="经度",
                    ),
                ),
                (
                    "named",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报告所说的人",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="testing.campaign",
                        verbose_name="检测轮次",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.response",
                        verbose_name="响应",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "采样点",
                "ordering": ["-happened_on", "key"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["response", "happened_on", "key"], name="testing_point_day"),
                    models.Index(fields=["response", "state"], name="testing_point_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bound", tongzhou.kernel.figures.Bound["EXACT"]), ("quantity", 1)),
                            models.Q(("source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="testing_point_total_has_source",
                        violation_error_message="只有总数的记录须写明来源。",
                    ),
                    models.UniqueConstraint(
                        fields=("campaign", "name"),
                        name="testing_point_once",
                        violation_error_message="这一轮检测已有同名的采样点。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lat", None), ("lon", None)),
                            models.Q(("lat__isnull", False), ("lon__isnull", False)),
                            _connector="OR",
                        ),
                        name="testing_point_whole_point",
                        violation_error_message="经度、纬度要么都填，要么都不填。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name="编号"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("state", models.CharField(editable=False, max_length=20, verbose_name="状态")),
                ("happened_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="发生日期")),
                (
                    "happened_precision",
                    models.CharField(
                        choices=[("day", "日"), ("month", "月"), ("year", "年")],
                        default="day",
                        max_length=5,
                        verbose_name="日期精度",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=1, verbose_name="所代表的次数")),
                (
                    "bound",
                    models.CharField(
                        choices=[
                            ("exact", "确切"),
                            ("at_least", "至少（…余）"),
                            ("under", "接近（近…）"),
                            ("about", "大约（约…）"),
                        ],
                        default=tongzhou.kernel.figures.Bound["EXACT"],
                        max_length=10,
                        verbose_name="数字性质",
                    ),
                ),
                ("source", models.TextField(blank=True, default="", verbose_name="来源")),
                (
                    "filed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="登记时间"),
                ),
                (
                    "use",
                    models.CharField(
                        choices=[("station", "采样台"), ("paper", "纸质登记补录"), ("laboratory", "实验室")],
                        default="station",
                        max_length=10,
                        verbose_name="用途",
                    ),
                ),
                (
                    "table",
                    models.PositiveSmallIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name="采样台"
                    ),
                ),
                ("label", models.CharField(max_length=60, verbose_name="名称")),
                ("number", models.BigIntegerField(editable=False, unique=True, verbose_name="终端号")),
                ("secret_hash", models.CharField(editable=False, max_length=64)),
                ("enrolled_at", models.DateTimeField(editable=False, verbose_name="启用时间")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="testing.campaign",
                        verbose_name="检测轮次",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.response",
                        verbose_name="响应",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="testing.point",
                        verbose_name="采样点",
                    ),
                ),
            ],
            options={
                "verbose_name": "终端",
                "ordering": ["-happened_on", "key"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["response", "happened_on", "key"], name="testing_device_day"),
                    models.Index(fields=["response", "state"], name="testing_device_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bound", tongzhou.kernel.figures.Bound["EXACT"]), ("quantity", 1)),
                            models.Q(("source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="testing_device_total_has_source",
                        violation_error_message="只有总数的记录须写明来源。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("point", None), ("use", "laboratory")),
                            models.Q(models.Q(("use", "laboratory"), _negated=True), ("point__isnull", False)),
                            _connector="OR",
                        ),
                        name="testing_device_has_place",
                        violation_error_message="采样台的终端须属于一个采样点。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "campaign", "device", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seq", models.IntegerField()),
                ("kind", models.SmallIntegerField()),
                ("verdict", models.SmallIntegerField()),
                ("turn", models.SmallIntegerField(default=0)),
                ("person", models.UUIDField(null=True)),
                ("tube", models.CharField(max_length=24)),
                ("of", models.IntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("skew", models.IntegerField(default=0)),
                ("mark", models.UUIDField()),
                ("stored_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="testing.campaign",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        db_column="device",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="testing.device",
                        to_field="number",
                    ),
                ),
            ],
            options={
                "verbose_name": "采样登记",
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "person", "turn"), name="testing_checkin_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Count",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "campaign",
                        "device",
                        "quarter",
                        "verdict",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("quarter", models.IntegerField()),
                ("verdict", models.SmallIntegerField()),
                ("n", models.IntegerField()),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="testing.campaign",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        db_column="device",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="testing.device",
                        to_field="number",
                    ),
                ),
            ],
            options={
                "verbose_name": "采样计数",
            },
        ),
        migrations.CreateModel(
            name="Tube",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "campaign", "code", "device", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=24)),
                ("size", models.SmallIntegerField()),
                ("people", models.IntegerField()),
                ("opened_at", models.DateTimeField()),
                ("last_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="testing.campaign",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        db_column="device",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="testing.device",
                        to_field="number",
                    ),
                ),
            ],
            options={
                "verbose_name": "采样管",
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("key", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("seq", models.IntegerField(verbose_name="序号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("repeat", "本轮已采，又采一次"),
                            ("number", "同一终端同一序号，内容不同"),
                            ("full", "采样管超员"),
                            ("used", "采样管在别处用过或已封"),
                            ("revoked", "来自已吊销的终端"),
                            ("unknown_code", "采样码无法识别"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("stored", models.BooleanField(default=False)),
                ("person", models.UUIDField(null=True)),
                ("tube", models.CharField(max_length=24, verbose_name="采样管")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("other", models.BigIntegerField(null=True, verbose_name="先前的终端")),
                ("other_seq", models.IntegerField(null=True, verbose_name="先前的序号")),
                (
                    "text",
                    tongzhou.kernel.seal.fields.SealedField(
                        blank=True, default="", mask="text", purpose="核对终端上报的原文", verbose_name="原文"
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("kept", "确有其事，计入"), ("dismissed", "误扫，不计")],
                        default="",
                        max_length=10,
                        verbose_name="处理",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="conflicts", to="testing.campaign"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        db_column="device",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="testing.device",
                        to_field="number",
                        verbose_name="终端",
                    ),
                ),
            ],
            options={
                "verbose_name": "待核记录",
                "indexes": [
                    models.Index(fields=["campaign", "decision", "at"], name="testing_conflict_open"),
                    models.Index(fields=["campaign", "tube"], name="testing_conflict_tube"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resident",
            fields=[
                ("key", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "name",
                    tongzhou.kernel.seal.fields.SealedField(
                        mask="name", purpose="把检测结果告知本人", verbose_name="姓名"
                    ),
                ),
                (
                    "document",
                    models.CharField(
                        choices=[
                            ("id", "居民身份证、户口簿"),
                            ("passport", "护照"),
                            ("permit", "港澳台通行证、居留证"),
                            ("none", "暂无证件"),
                        ],
                        max_length=8,
                        verbose_name="证件类别",
                    ),
                ),
                (
                    "number",
                    tongzhou.kernel.seal.fields.SealedField(
                        mask="id", purpose="把检测结果告知本人", verbose_name="证件号码"
                    ),
                ),
                ("zone", models.BigIntegerField(default=0, editable=False)),
                ("code_expires_at", models.DateTimeField(editable=False, null=True, verbose_name="采样码有效期至")),
                ("registered_at", models.DateTimeField(editable=False, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "居民登记",
            },
        ),
        migrations.CreateModel(
            name="Box",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name="编号"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("state", models.CharField(editable=False, max_length=20, verbose_name="状态")),
                ("happened_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="发生日期")),
                (
                    "happened_precision",
                    models.CharField(
                        choices=[("day", "日"), ("month", "月"), ("year", "年")],
                        default="day",
                        max_length=5,
                        verbose_name="日期精度",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=1, verbose_name="所代表的次数")),
                (
                    "bound",
                    models.CharField(
                        choices=[
                            ("exact", "确切"),
                            ("at_least", "至少（…余）"),
                            ("under", "接近（近…）"),
                            ("about", "大约（约…）"),
                        ],
                        default=tongzhou.kernel.figures.Bound["EXACT"],
                        max_length=10,
                        verbose_name="数字性质",
                    ),
                ),
                ("source", models.TextField(blank=True, default="", verbose_name="来源")),
                (
                    "filed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="登记时间"),
                ),
                ("code", models.CharField(max_length=24, verbose_name="箱码")),
                ("tubes", models.JSONField(blank=True, default=list, editable=False, verbose_name="管码")),
                (
                    "in_hand",
                    models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name="实物管数"),
                ),
                (
                    "difference",
                    models.CharField(blank=True, default="", editable=False, max_length=200, verbose_name="差额说明"),
                ),
                (
                    "courier",
                    models.CharField(blank=True, default="", editable=False, max_length=40, verbose_name="转运员"),
                ),
                ("sent_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="交转运时间")),
                (
                    "received",
                    models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name="实验室实收管数"),
                ),
                (
                    "laboratory",
                    models.CharField(blank=True, default="", editable=False, max_length=60, verbose_name="实验室"),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.response",
                        verbose_name="响应",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="boxes",
                        to="testing.point",
                        verbose_name="采样点",
                    ),
                ),
            ],
            options={
                "verbose_name": "转运箱",
                "ordering": ["-happened_on", "key"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["response", "happened_on", "key"], name="testing_box_day"),
                    models.Index(fields=["response", "state"], name="testing_box_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bound", tongzhou.kernel.figures.Bound["EXACT"]), ("quantity", 1)),
                            models.Q(("source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="testing_box_total_has_source",
                        violation_error_message="只有总数的记录须写明来源。",
                    ),
                    models.UniqueConstraint(
                        fields=("response", "code"),
                        name="testing_box_once",
                        violation_error_message="这个箱码已经用过。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["packed", "sent", "received"]), _negated=True),
                            ("in_hand__isnull", False),
                            _connector="OR",
                        ),
                        name="testing_box_counted",
                        violation_error_message="封箱前须清点实物管数。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tube", models.CharField(max_length=24, verbose_name="管码")),
                ("look", models.PositiveSmallIntegerField(default=1, verbose_name="第几次检测")),
                (
                    "value",
                    models.CharField(
                        choices=[
                            ("negative", "阴性"),
                            ("positive", "阳性"),
                            ("grey", "灰区"),
                            ("single_target", "单靶标阳性"),
                        ],
                        max_length=14,
                        verbose_name="结果",
                    ),
                ),
                ("laboratory", models.CharField(max_length=60, verbose_name="实验室")),
                ("tested_at", models.DateTimeField(verbose_name="出结果时间")),
                ("stored_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="testing.campaign"
                    ),
                ),
            ],
            options={
                "verbose_name": "检测结果",
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "tube", "look"), name="testing_result_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Pool",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name="编号"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("state", models.CharField(editable=False, max_length=20, verbose_name="状态")),
                ("happened_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="发生日期")),
                (
                    "happened_precision",
                    models.CharField(
                        choices=[("day", "日"), ("month", "月"), ("year", "年")],
                        default="day",
                        max_length=5,
                        verbose_name="日期精度",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=1, verbose_name="所代表的次数")),
                (
                    "bound",
                    models.CharField(
                        choices=[
                            ("exact", "确切"),
                            ("at_least", "至少（…余）"),
                            ("under", "接近（近…）"),
                            ("about", "大约（约…）"),
                        ],
                        default=tongzhou.kernel.figures.Bound["EXACT"],
                        max_length=10,
                        verbose_name="数字性质",
                    ),
                ),
                ("source", models.TextField(blank=True, default="", verbose_name="来源")),
                (
                    "filed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="登记时间"),
                ),
                ("tube", models.CharField(max_length=24, verbose_name="管码")),
                (
                    "value",
                    models.CharField(
                        choices=[
                            ("negative", "阴性"),
                            ("positive", "阳性"),
                            ("grey", "灰区"),
                            ("single_target", "单靶标阳性"),
                        ],
                        max_length=14,
                        verbose_name="结果",
                    ),
                ),
                ("people", models.PositiveSmallIntegerField(verbose_name="管内人数")),
                ("due_at", models.DateTimeField(verbose_name="复采期限")),
                (
                    "positives",
                    models.PositiveSmallIntegerField(
                        blank=True, editable=False, null=True, verbose_name="复核阳性人数"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pools",
                        to="testing.campaign",
                        verbose_name="检测轮次",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pools",
                        to="testing.point",
                        verbose_name="采样点",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.response",
                        verbose_name="响应",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "异常管",
                "ordering": ["-happened_on", "key"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["response", "happened_on", "key"], name="testing_pool_day"),
                    models.Index(fields=["response", "state"], name="testing_pool_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bound", tongzhou.kernel.figures.Bound["EXACT"]), ("quantity", 1)),
                            models.Q(("source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="testing_pool_total_has_source",
                        violation_error_message="只有总数的记录须写明来源。",
                    ),
                    models.UniqueConstraint(fields=("campaign", "tube"), name="testing_pool_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.UUIDField()),
                ("retest", models.CharField(blank=True, default="", max_length=24, verbose_name="复采管码")),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="persons", to="testing.pool"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("pool", "person"), name="testing_poolperson_once")],
            },
        ),
    ]
