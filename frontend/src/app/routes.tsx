import { lazy, Suspense } from "react";
import { Route, Routes } from "react-router";
import { PageSkeleton } from "~/components/PageSkeleton";
import { Dashboard } from "~/features/dashboard/Dashboard";
import { useResume } from "~/features/setup/useResume";
import { ErrorBoundary } from "./ErrorBoundary";
import { NotFound } from "./NotFound";
import { Redirect } from "./Redirect";
import { useSelf } from "./self";

const Setup = lazy(() => import("~/features/setup/Setup"));
const Jobs = lazy(() => import("~/features/jobs/JobsPage"));
const Job = lazy(() => import("~/features/jobs/JobPage"));
const Settings = lazy(() => import("~/features/settings/SettingsPage"));
const ConnectionSettings = lazy(() => import("~/features/settings/ConnectionSettingsPage"));
const ApiAccess = lazy(() => import("~/features/api/ApiAccessPage"));
const Plan = lazy(() => import("~/features/plan/PlanPage"));
const Product = lazy(() => import("~/features/products/ProductPage"));
const Products = lazy(() => import("~/features/products/ProductsPage"));

export function Pages() {
  const { shop } = useSelf();
  const resume = useResume();
  if (!shop.role) {
    return (
      <Screens>
        <Route path="/setup/*" element={<Setup />} />
        <Route path="*" element={<Redirect to="/setup" />} />
      </Screens>
    );
  }
  return (
    <Screens>
      <Route path="/" element={<Home resume={resume} />} />
      <Route path="/setup/*" element={<Setup />} />
      <Route path="/jobs" element={<Jobs />} />
      <Route path="/jobs/:jobId" element={<Job />} />
      <Route path="/settings" element={<Settings />} />
      <Route path="/connections/:connectionId/settings" element={<ConnectionSettings />} />
      <Route path="/api-access" element={<ApiAccess />} />
      <Route path="/products" element={<Products />} />
      <Route path="/connections/:connectionId/products" element={<Products />} />
      <Route path="/plan" element={<Plan />} />
      <Route path="/connections/:connectionId/products/:product" element={<Product />} />
      <Route path="*" element={<NotFound />} />
    </Screens>
  );
}

/** The dashboard, or the step of the set-up that its reader has not come to the end of. */
function Home({ resume }: { resume: string | null | undefined }) {
  if (resume === undefined) return <PageSkeleton />;
  return resume ? <Redirect to={resume} /> : <Dashboard />;
}

function Screens({ children }: { children: React.ReactNode }) {
  return (
    <ErrorBoundary>
      <Suspense fallback={<PageSkeleton />}>
        <Routes>{children}</Routes>
      </Suspense>
    </ErrorBoundary>
  );
}
