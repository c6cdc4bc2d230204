"""An event in pretix with so many paid tickets, a check-in list and a device; prints {"token", "list", "secrets"}. Run by ingest_rivals.py.

It runs in pretix's own environment, with pretix's settings.
"""

import json
import os
import sys
from datetime import timedelta
from decimal import Decimal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretix.settings")

import django

django.setup()

from django.utils.timezone import now  # noqa: E402 -- settings first
from django_scopes import scopes_disabled  # noqa: E402 -- settings first
from pretix.base.models import Device, Event, Item, Order, OrderPosition, Organizer  # noqa: E402 -- settings first


def main(tickets: int) -> None:
    organizer = Organizer.objects.create(name="Bench", slug="bench")
    event = Event.objects.create(
        organizer=organizer, name="Bench", slug="bench", date_from=now() + timedelta(days=1), live=True, currency="EUR"
    )
    item = Item.objects.create(event=event, name="Ticket", default_price=Decimal(0), admission=True)
    entry = event.checkin_lists.create(name="All", all_products=True)
    device = Device.objects.create(organizer=organizer, name="Scan", all_events=True, device_id=1)
    device.api_token, device.initialized = "b" * 64, now()
    device.save()
    order = Order.objects.create(
        event=event, code="BENCH", email="x@example.org", status=Order.STATUS_PAID, datetime=now(), expires=now() + timedelta(days=9),
        total=Decimal(0), sales_channel=organizer.sales_channels.get(identifier="web"),
    )  # fmt: skip
    secrets = []
    for n in range(tickets):
        secrets.append(f"bench{n:010}")
        OrderPosition.objects.create(
            order=order, item=item, positionid=n + 1, price=Decimal(0), secret=secrets[-1], attendee_name_parts={"full_name": f"N {n}", "_scheme": "full"},
        )  # fmt: skip
    print(json.dumps({"token": device.api_token, "list": entry.pk, "secrets": secrets}))


if __name__ == "__main__":
    with scopes_disabled():
        main(int(sys.argv[1]))
