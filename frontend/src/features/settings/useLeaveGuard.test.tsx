import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { BrowserRouter, Link, Route, Routes } from "react-router";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { AppBridge } from "~/app/appBridge";
import { useLeaveGuard } from "./useLeaveGuard";

let answer: (leave: boolean) => void;
const question = vi.fn();

beforeEach(() => {
  question.mockReset().mockImplementation(
    () =>
      new Promise<void>((leave, stay) => {
        answer = (leaves) => (leaves ? leave() : stay());
      }),
  );
  window.shopify = { saveBar: { leaveConfirmation: question } } as unknown as AppBridge;
  window.history.pushState(null, "", "/");
});
afterEach(() => {
  window.shopify = undefined;
});

function Form() {
  const [typed, setTyped] = useState("");
  useLeaveGuard(typed !== "");
  return (
    <>
      <input aria-label="Field" value={typed} onChange={(event) => setTyped(event.target.value)} />
      <button type="button" onClick={() => setTyped("")}>
        Discard
      </button>
      <Link to="/other">Other</Link>
    </>
  );
}

/** Comes to the form from the dashboard. */
async function atForm() {
  render(
    <BrowserRouter>
      <Routes>
        <Route path="/" element={<Link to="/form">Dashboard</Link>} />
        <Route path="/form" element={<Form />} />
        <Route path="/other" element="Elsewhere" />
      </Routes>
    </BrowserRouter>,
  );
  await userEvent.click(screen.getByText("Dashboard"));
}

const type = () => userEvent.type(screen.getByLabelText("Field"), "new");
const back = () => window.history.back();
const asked = (times: number) => waitFor(() => expect(question).toHaveBeenCalledTimes(times));

it("goes back at once where nothing was changed", async () => {
  await atForm();
  back();
  expect(await screen.findByText("Dashboard")).toBeTruthy();
  expect(question).not.toHaveBeenCalled();
});

it("asks on the way back, and keeps what was typed for whoever stays, each time", async () => {
  await atForm();
  await type();
  for (const times of [1, 2]) {
    back();
    await asked(times);
    answer(false);
    await waitFor(() => expect(window.history.state).toMatchObject({ leaveGuard: true }));
    expect(screen.getByLabelText("Field")).toHaveProperty("value", "new");
  }
  back();
  await asked(3);
  answer(true);
  expect(await screen.findByText("Dashboard")).toBeTruthy();
});

it("needs one step back once the changes were discarded", async () => {
  await atForm();
  await type();
  await userEvent.click(screen.getByText("Discard"));
  back();
  expect(await screen.findByText("Dashboard")).toBeTruthy();
  expect(question).not.toHaveBeenCalled();
});

it("asks before a link is followed, and leads back over one entry of the form", async () => {
  await atForm();
  await type();
  await userEvent.click(screen.getByText("Other"));
  await asked(1);
  answer(false);
  expect(screen.getByLabelText("Field")).toHaveProperty("value", "new");
  await userEvent.click(screen.getByText("Other"));
  await asked(2);
  answer(true);
  expect(await screen.findByText("Elsewhere")).toBeTruthy();
  back();
  expect(await screen.findByLabelText("Field")).toHaveProperty("value", "");
  back();
  expect(await screen.findByText("Dashboard")).toBeTruthy();
});
