/** The plan and its findings. */
export const plan = `
.plan { margin-top: 0.625rem; }
.findings { font-size: 0.875rem; }
`;
