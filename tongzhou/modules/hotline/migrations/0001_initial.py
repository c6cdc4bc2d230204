import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import tongzhou.kernel.figures
from tongzhou.kernel.migrating import Tables


class Migration(Tables):
    initial = True

    dependencies = [
        ("kernel", "0004_front_line"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("key", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("line", models.UUIDField(db_index=True)),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "mode",
                    models.CharField(
                        choices=[("text", "文字"), ("voice", "电话"), ("face", "面谈")], default="text", max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队"),
                            ("talking", "交谈中"),
                            ("closed", "已结案"),
                            ("left", "未接通"),
                            ("erased", "已销毁"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("token", models.CharField(blank=True, default="", max_length=64)),
                ("came_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("taken_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("counsellor", models.UUIDField(null=True)),
                (
                    "topic",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fear", "恐惧焦虑"),
                            ("mood", "情绪低落"),
                            ("sleep", "睡眠"),
                            ("isolation", "隔离封控"),
                            ("study", "学业就业"),
                            ("family", "家庭婚恋"),
                            ("grief", "丧亲"),
                            ("illness", "精神疾病"),
                            ("other", "其他"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "who",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("student", "学生"),
                            ("patient", "患者"),
                            ("isolated", "被隔离者"),
                            ("family", "家属"),
                            ("medic", "医务人员"),
                            ("worker", "一线工作者"),
                            ("public", "其他公众"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("score", models.PositiveSmallIntegerField(null=True)),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("", "未评估"), ("low", "低度风险"), ("moderate", "中度风险"), ("high", "高度风险")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("by_rule", models.BooleanField(default=False)),
                ("edition", models.CharField(blank=True, default="", max_length=40)),
                ("supervised_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["line", "state", "came_at"], name="hotline_case_queue")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("talking", "closed")), _negated=True),
                            ("counsellor__isnull", False),
                            _connector="OR",
                        ),
                        name="hotline_case_taken",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Keypair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.UUIDField()),
                ("name", models.CharField(max_length=80)),
                ("public", models.CharField(max_length=200)),
                ("wrapped", models.TextField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)), fields=("person",), name="hotline_keypair_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
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
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, default="", max_length=150, verbose_name="英文名称")),
                ("number", models.CharField(blank=True, default="", max_length=40, verbose_name="热线号码")),
                ("hours", models.CharField(blank=True, default="", max_length=100, verbose_name="服务时间")),
                ("hours_en", models.CharField(blank=True, default="", max_length=150, verbose_name="服务时间（英文）")),
                ("audience", models.CharField(blank=True, default="", max_length=100, verbose_name="服务对象")),
                ("place", models.CharField(blank=True, default="", max_length=100, verbose_name="面谈地点")),
                ("seats", models.PositiveSmallIntegerField(default=2, verbose_name="席位")),
                ("by_text", models.BooleanField(default=True, verbose_name="可在网页上文字交谈")),
                (
                    "words",
                    models.CharField(
                        blank=True, default="", editable=False, max_length=200, verbose_name="事迹（没有数字时）"
                    ),
                ),
                (
                    "words_en",
                    models.CharField(
                        blank=True, default="", editable=False, max_length=300, verbose_name="事迹的英文说法"
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
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="负责人",
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
                "verbose_name": "热线",
                "ordering": ["-happened_on", "key"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["response", "happened_on", "key"], name="hotline_line_day"),
                    models.Index(fields=["response", "state"], name="hotline_line_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bound", tongzhou.kernel.figures.Bound["EXACT"]), ("quantity", 1)),
                            models.Q(("source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hotline_line_total_has_source",
                        violation_error_message="只有总数的记录须写明来源。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
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
                ("case", models.UUIDField(verbose_name="个案")),
                (
                    "kind",
                    models.CharField(
                        choices=[("respond", "督导处置"), ("contact", "回访")], max_length=10, verbose_name="要办的事"
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="期限")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reached", "已联系上"),
                            ("unreached", "未联系上"),
                            ("safe", "确认安全"),
                            ("referred", "已转介"),
                        ],
                        default="",
                        editable=False,
                        max_length=10,
                        verbose_name="结果",
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
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="由谁办",
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
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="hotline.line",
                        verbose_name="热线",
                    ),
                ),
            ],
            options={
                "verbose_name": "处置与回访",
                "ordering": ["-happened_on", "key"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["response", "happened_on", "key"], name="hotline_followup_day"),
                    models.Index(fields=["response", "state"], name="hotline_followup_state"),
                    models.Index(fields=["case"], name="hotline_followup_case"),
                    models.Index(fields=["state", "due_at"], name="hotline_followup_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bound", tongzhou.kernel.figures.Bound["EXACT"]), ("quantity", 1)),
                            models.Q(("source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hotline_followup_total_has_source",
                        violation_error_message="只有总数的记录须写明来源。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("key", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("danger", "危及生命，须立即了解"),
                            ("minor", "未成年人受到侵害"),
                            ("law", "依法调取"),
                            ("absent", "援助员不在，来访者仍需帮助"),
                            ("complaint", "来访者投诉或要求"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "等另一位督导同意"),
                            ("agreed", "两人同意，可以查阅"),
                            ("refused", "未同意"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("asker", models.UUIDField()),
                ("asker_name", models.CharField(max_length=80)),
                ("other", models.UUIDField(null=True)),
                ("other_name", models.CharField(blank=True, default="", max_length=80)),
                ("sealed", models.CharField(blank=True, default="", max_length=400)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="hotline.case"
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("asker", models.F("other")), _negated=True),
                        name="hotline_opening_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "agreed"), _negated=True),
                            models.Q(("other__isnull", False), models.Q(("sealed", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="hotline_opening_agreed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Return",
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
                ("least", models.PositiveSmallIntegerField(default=5, editable=False)),
                ("came", models.PositiveIntegerField(editable=False, null=True, verbose_name="求助人次")),
                ("answered", models.PositiveIntegerField(editable=False, null=True, verbose_name="接待人次")),
                ("by_text", models.PositiveIntegerField(editable=False, null=True, verbose_name="文字")),
                ("by_voice", models.PositiveIntegerField(editable=False, null=True, verbose_name="电话")),
                ("face_to_face", models.PositiveIntegerField(editable=False, null=True, verbose_name="面谈")),
                ("high", models.PositiveIntegerField(editable=False, null=True, verbose_name="高度风险")),
                ("referred", models.PositiveIntegerField(editable=False, null=True, verbose_name="转介")),
                ("followed", models.PositiveIntegerField(editable=False, null=True, verbose_name="回访")),
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
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="hotline.line",
                        verbose_name="热线",
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
                "verbose_name": "周汇总",
                "ordering": ["-happened_on", "key"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["response", "happened_on", "key"], name="hotline_return_day"),
                    models.Index(fields=["response", "state"], name="hotline_return_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bound", tongzhou.kernel.figures.Bound["EXACT"]), ("quantity", 1)),
                            models.Q(("source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hotline_return_total_has_source",
                        violation_error_message="只有总数的记录须写明来源。",
                    ),
                    models.UniqueConstraint(
                        fields=("line", "happened_on"),
                        name="hotline_return_once",
                        violation_error_message="这条热线的这一周已有汇总。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.UUIDField()),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "keypair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="hotline.keypair"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("line", "keypair"), name="hotline_seat_once")],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("key", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("safety", "商定安全约定"),
                            ("company", "请人陪伴在场"),
                            ("kin", "联系家属或监护人"),
                            ("police", "请求公安协助（110）"),
                            ("ambulance", "呼叫急救（120）"),
                            ("hospital", "转介精神卫生机构"),
                            ("school", "转介学校心理中心"),
                            ("community", "转介社区、民政"),
                            ("consulted", "请督导会诊"),
                        ],
                        max_length=12,
                    ),
                ),
                ("by", models.UUIDField()),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="hotline.case"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "key"],
            },
        ),
        migrations.CreateModel(
            name="Text",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("caller", "来访者"),
                            ("counsellor", "援助员"),
                            ("note", "记录"),
                            ("closing", "结案记录"),
                            ("supervision", "督导意见"),
                        ],
                        max_length=12,
                    ),
                ),
                ("author", models.UUIDField(null=True)),
                ("sealed", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="hotline.case"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "key"],
            },
        ),
        migrations.CreateModel(
            name="Box",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.CharField(max_length=400)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="boxes", to="hotline.case"
                    ),
                ),
                (
                    "keypair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="boxes", to="hotline.keypair"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="hotline.keypair"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "keypair", "partner"), name="hotline_box_half"),
                    models.UniqueConstraint(
                        condition=models.Q(("partner", None)), fields=("case", "keypair"), name="hotline_box_whole"
                    ),
                ],
            },
        ),
    ]
