"""Changes beyond the safety limits wait for a person, with their reason; everything else goes on."""

import pytest
from playwright.sync_api import expect

from tests.e2e.admin import Admin
from tests.e2e.control import Control, stock
from tests.oracle.compare import differences

pytestmark = pytest.mark.e2e

LIMITS = {"products": "MATCHED", "brake": {"percent": "10", "count": 3, "pricePercent": "50"}}


@pytest.mark.usefixtures("by_hand")
def test_what_goes_too_far_waits_until_a_person_confirms_or_rejects_it(
    admin: Admin, control: Control
) -> None:
    for handle in ("brake-main", "brake-near", "brake-far"):
        control.add_shop(handle)
        control.add_numbered(handle, 10)
    control.set_up("brake-main", brake_near=LIMITS, brake_far=LIMITS)
    variants = [product["variants"][0] for product in control.shop("brake-main")["products"]]
    for variant in variants[:4]:
        control.set_stock("brake-main", variant["id"], 0)
    control.set_price("brake-main", variants[4]["id"], "16.00")
    control.set_price("brake-main", variants[5]["id"], "11.00")
    before = {handle: control.shop(handle) for handle in ("brake-near", "brake-far")}
    control.mark("before the brake")

    # The main shop sees that something waits, and that it is not for itself to decide.
    app = admin.open("brake-main")
    app.get_by_role("button", name="Sync all", exact=True).click()
    expect(app.get_by_text("5 changes in brake-near.myshopify.com wait for a decision.")).to_be_visible()
    expect(app.get_by_text("5 changes in brake-far.myshopify.com wait for a decision.")).to_be_visible()
    states = app.get_by_role("listitem").filter(has_text="10 of 10 products linked")
    expect(states.filter(has_text="5 changes wait")).to_have_count(2)
    admin.look("brake-dashboard")
    app.get_by_role("link", name="Review").first.click()
    expect(app.get_by_text("Only brake-")).to_be_visible()
    expect(app.get_by_role("button", name="Confirm all")).to_have_count(0)

    for handle in ("brake-near", "brake-far"):
        assert control.mutations(handle, "before the brake") == {"productVariantsBulkUpdate": 1}
        there = [product["variants"][0] for product in control.shop(handle)["products"]]
        assert [variant["price"] for variant in there][4:6] == ["10.00", "11.00"]
        assert [stock(variant) for variant in there] == [5] * 10

    # One dependent agrees.
    app = admin.open("brake-near")
    app.get_by_role("link", name="Review").click()
    expect(app.get_by_text("5 changes wait for a decision")).to_be_visible()
    expect(app.get_by_text("More stock set to zero than the safety limit allows")).to_have_count(4)
    expect(app.get_by_text("The price moves further than the safety limit allows")).to_have_count(1)
    admin.look("brake-job")
    app.get_by_role("button", name="Confirm all").click()
    expect(app.get_by_role("heading", name="Confirmed changes", exact=True)).to_be_visible()
    expect(app.get_by_text("5 applied")).to_be_visible()
    expect(app.get_by_text("Done", exact=True).first).to_be_visible()
    admin.look("brake-confirmed")
    main, settings = control.shop("brake-main"), control.settings("brake-near")
    assert differences(main, control.shop("brake-near"), settings) == []
    expect(admin.open("brake-near").get_by_text("Last fully in sync")).to_be_visible()

    # The other one does not; what was no danger stays as it is.
    control.mark("before the refusal")
    app = admin.open("brake-far")
    app.get_by_role("link", name="Review").click()
    app.get_by_role("button", name="Reject all").click()
    expect(app.get_by_text("Rejected", exact=True)).to_have_count(5)
    expect(app.get_by_text("changes wait for a decision")).to_have_count(0)
    admin.look("brake-rejected")
    assert control.mutations("brake-far", "before the refusal") == {}
    kept = [product["variants"][0] for product in control.shop("brake-far")["products"]]
    was = [product["variants"][0] for product in before["brake-far"]["products"]]
    assert [(stock(variant), variant["price"]) for variant in kept] == [
        (stock(variant), "11.00" if number == 5 else variant["price"]) for number, variant in enumerate(was)
    ]

    # Nor does it slip through when other news of the same products arrive by themselves.
    control.release_events()
    control.set_stock("brake-main", variants[4]["id"], 7)
    control.wait_for(lambda: stock(control.variant("brake-far", "P-5")) == 7)
    assert control.variant("brake-far", "P-5")["price"] == "10.00"
    assert [stock(control.variant("brake-far", f"P-{number}")) for number in range(1, 5)] == [5] * 4
