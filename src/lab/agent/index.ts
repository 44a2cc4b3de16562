export { Agent, AgentTimeout } from './agent.ts';
export { AGENT_SCRIPT } from './script.ts';
