import type { Change } from '../../src/devicetree/index.ts';

/** Changes in short, for comparison: `+ /a`, `/a → /b`, `/a:reg changed`. */
export function shorten(changes: readonly Change[]): string[] {
  return changes.map((change) => {
    switch (change.kind) {
      case 'node-added':
        return `+ ${change.after.path}`;
      case 'node-removed':
        return `- ${change.before.path}`;
      case 'node-moved':
        return `${change.before.path} moved ${change.after.path}`;
      case 'node-renamed':
        return `${change.before.path} renamed ${change.after.path}`;
      case 'node-replaced':
        return `${change.before.path} replaced ${change.after.path} (${change.differs})`;
      case 'property-added':
        return `${change.after.path}:${change.name} added`;
      case 'property-removed':
        return `${change.after.path}:${change.name} removed`;
      case 'property-changed':
        return `${change.after.path}:${change.name} changed`;
      case 'children-reordered':
        return `${change.after.path} order ${change.oldOrder} → ${change.newOrder}`;
      case 'reservations-changed':
        return 'reservations';
      case 'boot-cpu-changed':
        return `boot cpu ${change.oldCpu} → ${change.newCpu}`;
      default:
        return change satisfies never;
    }
  });
}
