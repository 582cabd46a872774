import { Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { JobList } from "~/features/jobs/JobLine";
import type { JobRowFragment } from "~/graphql/generated/graphql";

const MOST = 8;

export function RecentJobs({ jobs, more }: { jobs: readonly JobRowFragment[]; more: boolean }) {
  const { t } = useTranslation();
  return (
    <Card padding="0">
      <Box padding="400">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t("dashboard.recentJobs")}
          </Text>
          {more && (
            <Button variant="plain" url="/jobs">
              {t("dashboard.allJobs")}
            </Button>
          )}
        </InlineStack>
        {jobs.length === 0 && (
          <Box paddingBlockStart="200">
            <Text as="p" tone="subdued">
              {t("dashboard.noJobs")}
            </Text>
          </Box>
        )}
      </Box>
      {jobs.length > 0 && <JobList jobs={jobs} most={MOST} />}
    </Card>
  );
}
