export type { LogEvent } from './event.ts';
export { eventsIn, type MigrationStory, type Story } from './story.ts';
export { storyOf } from './story-of.ts';
export { isInFirmware } from './subject.ts';
