import { printable } from '../../base/index.ts';
import type { OfNodeLink, VioDevice } from '../../partition/index.ts';
import type { Paint } from './paint.ts';

/** The VIO bus: each device with its driver and where its `of_node` link leads. */
export function deviceLines(all: readonly VioDevice[], paint: Paint): readonly string[] {
  const width = Math.max(0, ...all.map((device) => device.name.length));
  const drivers = Math.max(0, ...all.map((device) => (device.driver ?? '(no driver)').length));
  return all.map(
    ({ name, driver, ofNode }) =>
      `${printable(name).padEnd(width)}  ${(driver ?? '(no driver)').padEnd(drivers)}  ${link(ofNode, paint)}`,
  );
}

function link(ofNode: OfNodeLink, paint: Paint): string {
  if (ofNode.state === 'absent') return paint.dim('no of_node');
  if (ofNode.state === 'resolves') return 'of_node resolves';
  return paint.red('of_node: broken symbolic link');
}
