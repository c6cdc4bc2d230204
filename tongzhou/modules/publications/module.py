from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.access import Capability
from tongzhou.kernel.module import Line, Module, register
from tongzhou.modules.publications import actions
from tongzhou.modules.publications.alarms import alarms
from tongzhou.modules.publications.asks import ASKS
from tongzhou.modules.publications.facts import FACTS, tell
from tongzhou.modules.publications.models import Article, Consent, Issue
from tongzhou.modules.publications.rehearsal import rehearse
from tongzhou.modules.publications.views import articles, columns, consents, issues

register(
    Module(
        name="publications",
        title=_("专栏"),
        line=Line.VOICES,
        icon="newspaper",
        desks=[articles, issues, columns, consents],
        capabilities=[
            Capability("publications.read", _("查看稿件和专栏"), ("secretary", "office", "leader", "auditor")),
            Capability("publications.write", _("代人起草稿件"), ("secretary", "office")),
            Capability("publications.first", _("初审稿件，退回修改"), ("secretary", "office", "leader")),
            Capability("publications.edit", _("编辑稿件，编排期次，提出更正"), ("office",)),
            Capability("publications.second", _("复审稿件"), ("office", "leader")),
            Capability("publications.final", _("终审稿件和更正"), ("leader",)),
            Capability("publications.publish", _("开设专栏，发布和撤下"), ("office", "leader")),
            Capability("publications.consent", _("登记被点名、被拍摄的人是否同意"), ("secretary", "office", "leader")),
            Capability("publications.waive", _("认定无须同意"), ("office", "leader")),
        ],
        facts=FACTS,
        asks=ASKS,
        actions={
            Article: {**actions.reviewing.ACTIONS, **actions.corrections.ACTIONS, "issue": actions.elsewhere},
            Issue: actions.issues.ACTIONS,
            Consent: {**actions.consents.ACTIONS, "lapse": actions.elsewhere},
        },
        accepts={"article": actions.drafting.accept},
        load=actions.loading.load,
        rehearse=rehearse,
        alarms=alarms,
        tell=tell,
        order=20,
    )
)
