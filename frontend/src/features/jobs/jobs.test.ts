import { describe, expect, it } from "vitest";
import type { ChangeRowFragment, JobRowFragment, JobState } from "~/graphql/generated/graphql";
import { byKind } from "./ActionCounts";
import { CSV_HEADER, csvLine, csvRow } from "./csv";
import { grouped, outcomesOf, phasesOf, secondsLeft, secondsTaken, waiting } from "./jobState";
import { textDiff } from "./textDiff";
import { shown } from "./value";

const shop = {
  id: "2",
  domain: "b.myshopify.com",
  name: "B",
  role: "DEPENDENT" as const,
  currency: "GBP",
  isSelf: true,
};
const job: Pick<JobRowFragment, "connection"> = {
  connection: { id: "c", main: { ...shop, id: "1", currency: "EUR" }, dependent: shop },
};
const change = (part: Partial<ChangeRowFragment> = {}): ChangeRowFragment => ({
  id: "1",
  seq: 1,
  lane: "DETAILS",
  action: "SET",
  field: "TITLE",
  key: "",
  title: "Lamp",
  sku: "L-1",
  productId: null,
  variantId: null,
  mainProductId: null,
  location: null,
  before: null,
  after: null,
  state: "PLANNED",
  heldReason: null,
  error: null,
  appliedAt: null,
  undoable: false,
  ...part,
});

describe("a value", () => {
  it.each([
    [{ field: "PRICE" }, "19.90", { kind: "money", amount: "19.90", currency: "GBP" }],
    [{ field: "COMPARE_AT_PRICE" }, null, { kind: "none" }],
    [{ field: "STOCK" }, 0, { kind: "number", value: 0 }],
    [{ field: "TAXABLE" }, false, { kind: "term", term: "no" }],
    [{ field: "STATUS" }, "DRAFT", { kind: "term", term: "DRAFT" }],
    [{ field: "TITLE" }, "DRAFT", { kind: "text", text: "DRAFT" }],
    [{ field: "TAGS" }, ["a", "b"], { kind: "tags", items: ["a", "b"] }],
    [{ field: "TAGS" }, [], { kind: "none" }],
    [{ field: "DESCRIPTION" }, "<p></p>", { kind: "none" }],
    [{ field: "OPTIONS" }, [["Title", ["Default Title"]]], { kind: "term", term: "noOptions" }],
    [
      { field: "DESCRIPTION" },
      "<p>Two <b>words</b></p><script>alert(1)</script>",
      { kind: "text", text: "Two wordsalert(1)" },
    ],
    [{ field: "WEIGHT" }, { value: "1.5", unit: "KILOGRAMS" }, { kind: "text", text: "1.5 kg" }],
    [{ field: "METAFIELD" }, { type: "text", value: "silk" }, { kind: "text", text: "silk" }],
    [
      { field: "OPTION_ORDER", action: "REORDER" },
      [["Size", ["S", "M"]]],
      { kind: "options", items: [{ name: "Size", values: ["S", "M"] }] },
    ],
    [
      { action: "CREATE_PRODUCT", field: "PRODUCT" },
      { product: { variants: [{ price: "20" }, { price: "9.5" }] } },
      { kind: "product", variants: 2, price: "9.5", currency: "GBP" },
    ],
    [
      { action: "ADD_MEDIA", field: "MEDIA" },
      { kind: "IMAGE", url: "https://x/y.jpg", alt: "Red" },
      { kind: "image", url: "https://x/y.jpg", alt: "Red", picture: true },
    ],
    [
      { action: "SET_MEDIA", field: "MEDIA" },
      { kind: "VIDEO", url: "https://x/y.mp4", alt: "" },
      { kind: "image", url: "https://x/y.mp4", alt: "", picture: false },
    ],
    [
      { action: "RESTRUCTURE", field: "OPTIONS" },
      { options: [["Size", ["S"]]], variants: {} },
      { kind: "options", items: [{ name: "Size", values: ["S"] }] },
    ],
    [{ action: "ADD_MEDIA", field: "MEDIA" }, "odd", { kind: "code", text: '"odd"' }],
  ] as const)("of %j is shown by its kind", (part, value, expected) => {
    expect(shown(change(part as Partial<ChangeRowFragment>), value, shop.currency)).toEqual(expected);
  });
});

describe("the difference of two texts", () => {
  it("marks words that went and came", () => {
    expect(textDiff("a warm red lamp", "a cold red lamp today")).toEqual([
      { kind: "same", text: "a " },
      { kind: "gone", text: "warm" },
      { kind: "new", text: "cold" },
      { kind: "same", text: " red lamp" },
      { kind: "new", text: " today" },
    ]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("gives back both texts (seed %i)", (seed) => {
    let state = seed;
    const random = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state % below;
    };
    const text = (): string => Array.from({ length: random(900) }, () => "abcde"[random(5)]).join(" ");
    const [before, after] = [text(), text()];
    const pieces = textDiff(before, after);
    const without = (kind: "gone" | "new"): string =>
      pieces
        .filter((piece) => piece.kind !== kind)
        .map((piece) => piece.text)
        .join("");
    expect(without("new")).toBe(before);
    expect(without("gone")).toBe(after);
  });
});

describe("the CSV", () => {
  it("has a cell for every column", () => {
    expect(csvRow(change()).length).toBe(CSV_HEADER.length);
  });

  it("quotes what must be quoted and disarms formulas, but not numbers", () => {
    expect(csvLine(['say "hi"', "a,b", "two\nlines", "=1+1", "-3", "-3.50", "@x", "plain"])).toBe(
      '"say ""hi""","a,b","two\nlines",\'=1+1,-3,-3.50,\'@x,plain\r\n',
    );
  });
});

describe("progress", () => {
  const now = new Date("2026-11-24T12:00:00Z");
  const running = {
    kind: "SYNC_ALL",
    phase: "APPLY",
    state: "RUNNING",
    etaAt: "2026-11-24T12:01:30Z",
  } as const;

  it("says since when a job waits, once it waits longer than usual", () => {
    const queued = (createdAt: string, state: JobState = "QUEUED") => waiting({ state, createdAt }, now);
    expect(queued("2026-11-24T11:59:46Z")).toBe("no");
    expect(queued("2026-11-24T11:59:45Z")).toBe("today");
    expect(queued("2026-11-23T12:00:01Z")).toBe("today");
    expect(queued("2026-11-23T12:00:00Z")).toBe("longer");
    expect(queued("2026-11-23T12:00:00Z", "RUNNING")).toBe("no");
  });

  it("promises an end in the last phase only, which is another for a preview", () => {
    expect(secondsLeft({ ...running, phase: "PLAN" }, now)).toBeNull();
    expect(secondsLeft({ ...running, kind: "PREVIEW", phase: "PLAN" }, now)).toBe(90);
  });

  it("never counts below zero, and says nothing of what has ended", () => {
    expect(secondsLeft(running, now)).toBe(90);
    expect(secondsLeft({ ...running, etaAt: "2026-11-24T11:59:57Z" }, now)).toBe(0);
    expect(secondsLeft({ ...running, etaAt: "2026-11-24T11:59:00Z" }, now)).toBeNull();
    expect(secondsLeft({ ...running, etaAt: null }, now)).toBeNull();
    expect(secondsLeft({ ...running, state: "SUCCEEDED" }, now)).toBeNull();
  });

  it("measures to the end, or to now", () => {
    expect(secondsTaken({ startedAt: "2026-11-24T11:59:00Z", finishedAt: null }, now)).toBe(60);
    expect(secondsTaken({ startedAt: "2026-11-24T11:59:00Z", finishedAt: "2026-11-24T11:59:05Z" }, now)).toBe(
      5,
    );
    expect(secondsTaken({ startedAt: null, finishedAt: null }, now)).toBeNull();
  });

  it("lists the outcomes that occurred", () => {
    const counts = {
      planned: 0,
      held: 2,
      applied: 7,
      failed: 0,
      skipped: 0,
      undone: 0,
      rejected: 0,
      total: 9,
    };
    expect(outcomesOf(counts)).toEqual([
      { outcome: "applied", count: 7 },
      { outcome: "held", count: 2 },
    ]);
  });
});

describe("jobs that come by themselves", () => {
  const counts = { planned: 0, held: 0, applied: 1, failed: 0, skipped: 0, undone: 0, rejected: 0, total: 1 };
  const one = (id: string, part: Partial<JobRowFragment> = {}): JobRowFragment =>
    ({ ...job, id, kind: "LIVE", state: "SUCCEEDED", counts, ...part }) as JobRowFragment;
  const other = { ...job.connection, id: "d" };

  it("stand behind the newest of their shop, in a list that keeps its order", () => {
    const jobs = [
      one("1"),
      one("2", { connection: other }),
      one("3", { kind: "SYNC_ALL" }),
      one("4"),
      one("5", { connection: other }),
      one("6"),
    ];
    expect(grouped(jobs).map(({ job, behind }) => [job.id, ...behind.map(({ id }) => id)])).toEqual([
      ["1", "4", "6"],
      ["2", "5"],
      ["3"],
    ]);
  });

  it("stand alone when they run, failed, or hold something back", () => {
    const jobs = [
      one("1"),
      one("2", { state: "RUNNING" }),
      one("3", { state: "FAILED" }),
      one("4", { counts: { ...counts, held: 1 } }),
    ];
    expect(grouped(jobs).map(({ behind }) => behind.length)).toEqual([0, 0, 0, 0]);
  });

  it("go through the phases that they have", () => {
    expect(phasesOf("LIVE")).toEqual(["PLAN", "APPLY"]);
    expect(phasesOf("CHECK")).toEqual(["REFRESH", "PLAN"]);
    expect(phasesOf("REPAIR")).toEqual(["REFRESH", "PLAN", "APPLY"]);
  });
});

describe("the kinds of changes", () => {
  it("are counted whatever became of them, in the server's order", () => {
    expect(
      byKind([
        { action: "SET", field: "PRICE", count: 2 },
        { action: "CREATE_PRODUCT", field: "PRODUCT", count: 1 },
        { action: "SET", field: "PRICE", count: 3 },
      ]),
    ).toEqual([
      { action: "SET", field: "PRICE", count: 5 },
      { action: "CREATE_PRODUCT", field: "PRODUCT", count: 1 },
    ]);
  });
});
