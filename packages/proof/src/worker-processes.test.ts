import { expect, test } from "vitest";
import { processesOfGroup, workerProcesses } from "./worker-processes.ts";

const output = `
    1     1 /sbin/init
14812 14812 /opt/node /clinic/agent.ts start
14826 14812 /opt/node /agents/dist/ipc/inference_proc_lazy_main.js {}
14837 14812 /opt/node /agents/dist/ipc/job_proc_lazy_main.js /clinic/agent.ts
14838 14812 [node] <defunct>
14839 14812 (node)
14840 14841 /opt/node /agents/dist/ipc/job_proc_lazy_main.js /clinic/agent.ts
`;

test("the processes of one group, without those that have ended", () => {
  expect(processesOfGroup(output, 14812)).toEqual({ all: [14812, 14826, 14837], jobs: [14837] });
  expect(processesOfGroup(output, 99)).toEqual({ all: [], jobs: [] });
});

test("this machine's ps is understood", async () => {
  const everything = await workerProcesses(0);
  expect(everything.jobs).toEqual([]);
});
