import { readdirSync, readFileSync } from 'node:fs';
import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { unknownFlags } from '../support/command-flags.js';
import { folder, openProject, write } from '../support/project.js';
import { llmform } from '../support/run-cli.js';

/** A Kubernetes object, as far as the tests look into it. */
// biome-ignore lint/suspicious/noExplicitAny: a type for each kind would say more than the tests ask.
type Tree = any;

const at = new URL('../../deploy/kubernetes/', import.meta.url);
const objects: Tree[] = readdirSync(at).flatMap((file) =>
  parseAllDocuments(readFileSync(new URL(file, at), 'utf8')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  }),
);
const of = (kind: string): Tree => objects.find((one) => one.kind === kind);
const pod = of('Deployment').spec.template.spec;
const [container] = pod.containers;

describe('the manifests for Kubernetes', () => {
  it('are all applied, and each is of a kind that is known', () => {
    expect(objects.map(({ kind }) => kind).sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'Kustomization',
      'PersistentVolumeClaim',
      'Service',
    ]);
    expect(of('Kustomization').resources.sort()).toEqual(
      readdirSync(at)
        .filter((file) => file !== 'kustomization.yaml')
        .sort(),
    );
  });

  it('run one at a time, and leave it the time to leave', () => {
    const { replicas, strategy, selector, template } = of('Deployment').spec;
    expect({ replicas, strategy }).toEqual({ replicas: 1, strategy: { type: 'Recreate' } });
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(30);
    expect(pod.hostname).toBe('llmform');
  });

  it('give it no more than it needs', () => {
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('call the command with flags that there are, on the port that probes and the service ask', async () => {
    expect(await unknownFlags(container.args)).toEqual([]);
    const { name, containerPort } = container.ports[0];
    expect(container.args).toContain(`0.0.0.0:${containerPort}`);
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map(
      (probe) => container[probe].httpGet,
    );
    expect(probes).toEqual(['/healthz', '/healthz', '/readyz'].map((path) => ({ path, port: name })));
    const service = of('Service');
    expect(service.spec.ports[0]).toMatchObject({ targetPort: name, port: containerPort });
    expect(service.metadata.annotations['prometheus.io/port']).toBe(String(containerPort));
    expect(of('Deployment').spec.template.metadata.labels).toMatchObject(service.spec.selector);
  });

  it('mount every volume, and keep the state in the one that stays', () => {
    const names = pod.volumes.map(({ name }: Tree) => name);
    expect(container.volumeMounts.map(({ name }: Tree) => name)).toEqual(names);
    const state = container.args[container.args.indexOf('--state-dir') + 1];
    const mount = container.volumeMounts.find(({ mountPath }: Tree) => mountPath === state);
    const volume = pod.volumes.find(({ name }: Tree) => name === mount.name);
    expect(volume.persistentVolumeClaim.claimName).toBe(of('PersistentVolumeClaim').metadata.name);
    expect(pod.volumes[0].configMap.name).toBe(of('ConfigMap').metadata.name);
  });

  it('hold a project that is valid as the kubelet mounts it, with its secrets in the environment', async () => {
    const path = await folder();
    const { data } = of('ConfigMap');
    await write(join(path, '..2026'), data);
    await symlink('..2026', join(path, '..data_tmp'));
    await rename(join(path, '..data_tmp'), join(path, '..data'));
    for (const name of Object.keys(data)) await symlink(`..data/${name}`, join(path, name));
    const { code, out } = await llmform(['validate'], { cwd: path });
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('1 manifest') });
    expect(container.envFrom).toEqual([{ secretRef: { name: 'llmform' } }]);
  });

  it('keep a ledger apart from a project that cannot be written', async () => {
    const project = await openProject(of('ConfigMap').data, { ANAM_API_KEY: 'x', OPENAI_API_KEY: 'y' });
    // Nothing listens there: the run fails, and the ledger's folder is where it was told to be.
    await project.write({
      'llmform.yaml': of('ConfigMap').data['llmform.yaml'].replace(
        'vendor: anam,',
        'vendor: anam, baseUrl: "http://127.0.0.1:9",',
      ),
    });
    const { code, err } = await project.run('watch', '--once', '--listen', 'off', '--state-dir', 'state');
    expect(code).toBe(1);
    expect(err).not.toContain('EROFS');
    expect(readdirSync(project.path)).not.toContain('.llmform');
  });
});
