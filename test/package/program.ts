/** A small program as a user writes it, compiled and run against the packed package. */
import {
  findScenario,
  InputError,
  migrate,
  type Outcome,
  overrideScenario,
  parseDts,
  readDtb,
  readInput,
  runToText,
  type Scenario,
  type Tree,
  writeDtb,
} from 'transplant';
import { firstChooser } from 'transplant/choice';
import { asString, findByPath } from 'transplant/devicetree';
import { readDirectory } from 'transplant/devicetree/directory';
import type { Bounds } from 'transplant/explore';
import { planMigration } from 'transplant/firmware';
import type { DeviceNode, Flow, PseriesKernel } from 'transplant/kernel';
import { bootLinuxWith } from 'transplant/migration/boot-linux';
import { statusName } from 'transplant/papr';
import type { PageRun } from 'transplant/report';

export type Used = Bounds | DeviceNode | Flow<void> | PageRun | PseriesKernel;

const loadTree = async (path: string): Promise<Tree> => (await readInput(path)).tree;
const scenario: Scenario = await findScenario('platform-facilities', undefined, loadTree);
const run = await migrate(overrideScenario(scenario, { release: '5.10' }));
const outcome: Outcome = run.verdict.outcome;

const source = parseDts('/dts-v1/;\n/ { model = "m"; };\n');
const [model] = findByPath(readDtb(writeDtb(source)), '/')?.properties ?? [];

let error = '';
try {
  readDtb(new Uint8Array(4));
} catch (thrown) {
  if (thrown instanceof InputError) error = thrown.name;
}

process.stdout.write(
  `${JSON.stringify({
    outcome,
    model: model && asString(model.value),
    error,
    choice: firstChooser.choose(2, 'run'),
    messages: planMigration(scenario.before, scenario.after, { style: 'powervm' }).deletes.length,
    status: statusName('ibm,update-nodes', 0),
    functions: [typeof readDirectory, typeof bootLinuxWith],
    verdict: runToText(run, {}).split('\n').length > 1,
  })}\n`,
);
