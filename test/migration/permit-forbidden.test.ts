import { expect, test } from 'vitest';
import { cells, node, tree } from '../../src/devicetree/index.ts';
import { migrate, type Scenario, scenarioDefaults } from '../../src/migration/index.ts';

const device = node('device@1', [cells('ibm,phandle', 2)]);
const root = (...children: (typeof device)[]) => tree(node('', [cells('ibm,phandle', 1)], children));
const scenario: Scenario = {
  ...scenarioDefaults,
  name: 'a device that goes',
  description: '',
  before: root(device),
  after: root(),
  faults: [],
};

test('what PAPR does not let a migration delete is refused, unless it is permitted', async () => {
  await expect(migrate(scenario)).rejects.toThrow('firmware may not delete /device@1 in a migration');
  const run = await migrate({ ...scenario, permitForbidden: true });
  expect(run.after.tree.root.children).toEqual([]);
});
