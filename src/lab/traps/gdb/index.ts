export { GdbClient, GuestMemoryError, type Stop } from './client.ts';
export { type Registers, registerNumbers } from './registers.ts';
