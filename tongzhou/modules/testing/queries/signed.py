"""What stands against a signature under the account: devices that may hold more, and what came in afterwards."""

from django.db.models import Q, QuerySet

from tongzhou.kernel import ledger
from tongzhou.modules.testing.models import Campaign, CheckIn, Conflict, Device
from tongzhou.modules.testing.workflow import CampaignState, DeviceState


def devices_out(campaign: Campaign) -> QuerySet[Device]:
    """Of tables, and not handed back: what they hold may not all be here."""
    rows = campaign.devices.filter(use=Device.Use.STATION, state=DeviceState.ACTIVE)
    return rows.select_related("response", "unit", "point").order_by("label")


def after_signing(campaign: Campaign) -> int:
    """Records that came in since the account was signed. No conflict was undecided then, so those that are came later."""
    if campaign.state != CampaignState.RECONCILED:
        return 0
    signed = ledger.entries(campaign).filter(move="reconcile").last()
    if signed is None:  # known from a report
        return 0
    aside = Conflict.objects.filter(Q(decision="") | Q(decided_at__gt=signed.at), campaign=campaign, stored=False)
    return CheckIn.objects.filter(campaign=campaign, stored_at__gt=signed.at).count() + aside.count()
