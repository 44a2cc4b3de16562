import { printable } from '../../base/index.ts';
import type { OfNodeLink, VioDevice } from '../../partition/index.ts';
import type { Paint } from './paint.ts';
import { columns, padEnd } from './width.ts';

/** The devices of the VIO bus, one a line: name, driver and the state of the `of_node` link. */
export function deviceLines(all: readonly VioDevice[], paint: Paint): readonly string[] {
  const rows = all.map(({ name, driver, ofNode }) => ({
    name: printable(name),
    driver: printable(driver ?? '(no driver)'),
    link: linkText(ofNode, paint),
  }));
  const nameWidth = Math.max(0, ...rows.map(({ name }) => columns(name)));
  const driverWidth = Math.max(0, ...rows.map(({ driver }) => columns(driver)));
  return rows.map(
    ({ name, driver, link }) => `${padEnd(name, nameWidth)}  ${padEnd(driver, driverWidth)}  ${link}`,
  );
}

function linkText(ofNode: OfNodeLink, paint: Paint): string {
  if (ofNode.state === 'absent') return paint.dim('no of_node');
  if (ofNode.state === 'resolves') return 'of_node resolves';
  return paint.red('of_node: broken symbolic link');
}
