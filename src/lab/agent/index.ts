export { Agent, AgentTimeout } from './agent.ts';
export { agentScript } from './script.ts';
