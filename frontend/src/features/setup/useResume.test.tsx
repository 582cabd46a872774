import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Link, Navigate, Route, Routes } from "react-router";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { apiOf, MAIN_SHOP, stage } from "~/dev/stage";
import type { ConnectionState, Role } from "~/graphql/generated/graphql";
import { startLanguage } from "~/i18n/start";
import { PutOff } from "./PutOff";
import { noteStep, reachedBy } from "./progress";
import { StepFrame } from "./StepFrame";
import { useResume } from "./useResume";

beforeAll(() => startLanguage("en"));
beforeEach(() => {
  window.localStorage.clear();
  window.scrollTo = vi.fn();
});

interface Facts {
  role?: Role;
  tie?: { state: ConnectionState; chosen: boolean };
  invited?: boolean;
  onboardedAt?: string;
}

/** Opens the app of a shop that has done so much. */
function opens({ role = "MAIN", tie, invited = false, onboardedAt }: Facts, at = "/") {
  const asked: { name: string; variables: Record<string, unknown> }[] = [];
  const syncSettings = tie?.chosen ? { version: 1 } : null;
  const api = apiOf(
    {
      SetupFacts: {
        shop: { id: "main", role },
        connections: { nodes: tie ? [{ id: "c", state: tie.state, syncSettings }] : [] },
        invitations: { nodes: invited ? [{ id: "i" }] : [] },
      },
      FinishOnboarding: {
        finishOnboarding: { shop: { id: "main", onboardedAt: "2026-11-30T10:00:00Z" }, userErrors: [] },
      },
    },
    asked,
  );
  const page = stage(<App />, { api, at, self: { ...MAIN_SHOP, role, onboardedAt: onboardedAt ?? null } });
  return { asked, page };
}

function App() {
  const resume = useResume();
  return (
    <Routes>
      <Route
        path="/"
        element={resume === undefined ? "reading" : resume ? <Navigate to={resume} replace /> : "dashboard"}
      />
      <Route
        path="/setup/*"
        element={
          <StepFrame of="MAIN" step="invite" title="Invite" onwards={<PutOff label="Do this later" />}>
            <Link to="/">Menu</Link>
          </StepFrame>
        }
      />
    </Routes>
  );
}

const address = () => screen.getByTestId("address").textContent;

it.each<[string, Facts]>([
  ["a main that has invited nobody", {}],
  ["a dependent without a main", { role: "DEPENDENT" }],
  ["a dependent that has chosen nothing", { role: "DEPENDENT", tie: { state: "ACTIVE", chosen: false } }],
])("leads %s to where the set-up goes on", async (_, facts) => {
  opens(facts);
  expect(await screen.findByText("Invite")).toBeTruthy();
  expect(address()).toBe("/setup/");
});

it.each<[string, Facts]>([
  ["a main that has invited somebody", { invited: true }],
  ["a main with a dependent", { tie: { state: "ACTIVE", chosen: false } }],
  ["a main that had one", { tie: { state: "DISCONNECTED", chosen: true } }],
  ["a dependent that has chosen", { role: "DEPENDENT", tie: { state: "PAUSED", chosen: true } }],
  ["a dependent that had a main", { role: "DEPENDENT", tie: { state: "DISCONNECTED", chosen: false } }],
])("leads %s to the dashboard, and asks no more", async (_, facts) => {
  const { asked, page } = opens(facts);
  expect(await screen.findByText("dashboard")).toBeTruthy();
  expect(asked.map(({ name }) => name)).toEqual(["SetupFacts", "FinishOnboarding"]);
  page.unmount();
  const again = opens(facts);
  expect(await screen.findByText("dashboard")).toBeTruthy();
  expect(again.asked).toEqual([]);
});

it("goes on at the step that was reached", async () => {
  noteStep("main", "invite");
  opens({});
  expect(await screen.findByText("Invite")).toBeTruthy();
  expect(address()).toBe("/setup/invite");
  expect(reachedBy("main")).toBe("invite");
});

it("is put off for good", async () => {
  const { page, asked } = opens({});
  await userEvent.click(await screen.findByRole("link", { name: "Do this later" }));
  expect(await screen.findByText("dashboard")).toBeTruthy();
  expect(asked.map(({ name }) => name)).toEqual(["SetupFacts", "FinishOnboarding"]);
  page.unmount();
  opens({});
  expect(await screen.findByText("dashboard")).toBeTruthy();
});

it("is not offered where it was put off in another browser", async () => {
  const { asked } = opens({ onboardedAt: "2026-11-30T10:00:00Z" });
  expect(await screen.findByText("dashboard")).toBeTruthy();
  expect(asked).toEqual([]);
});

it("lets go to the dashboard for a look, and is there again at the next opening", async () => {
  const { page } = opens({});
  await userEvent.click(await screen.findByText("Menu"));
  expect(await screen.findByText("dashboard")).toBeTruthy();
  page.unmount();
  opens({});
  expect(await screen.findByText("Invite")).toBeTruthy();
});

it("does without a browser that keeps anything", async () => {
  vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  opens({});
  await userEvent.click(await screen.findByRole("link", { name: "Do this later" }));
  expect(await screen.findByText("dashboard")).toBeTruthy();
  expect(reachedBy("main")).toBe("done");
});
