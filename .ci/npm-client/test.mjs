// Drives served gateways with the platform's own client, in the ways of its
// first and of its second generation. Prints one line for each check, and fails
// if any of them does.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import functions from 'liveperson-functions-client';

const account = '12345678';
const survey = 'denver_post_survey_email_transcript';
const emails = [{
  targetEmail: 'care-leads@example.com', senderName: 'Example Contact Centre',
  senderEmail: 'no-reply@example.com', subject: 'Rating 2 for John Doe',
}];
const unhappy = {payload: {csatRank: 2, skillName: 'customercare', agentName: 'John Doe'}};

let failures = 0;

async function check(name, run) {
  try {
    await run();
    console.log(`ok    ${name}`);
  } catch (error) {
    failures++;
    console.log(`FAIL  ${name}\n${error.stack}`);
  }
}

// serve starts a server, and gives its host and port once it listens.
const processes = [];
async function serve(command, ...args) {
  const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'ignore']});
  const ended = new Promise(resolve => child.on('exit', code => resolve(code)));
  processes.push({child, ended});
  for await (const line of createInterface({input: child.stdout})) {
    const url = line.match(/ at (https?):\/\/(.*)$/);
    if (url) {
      child.stdout.resume();
      return url[2];
    }
  }
  throw new Error(`${command} does not serve`);
}

// client is the client, pointed at a host with a port by its own settings.
function client(host, generation, more = {}) {
  const paths = {
    getLambdasUri: 'lambdas/', getFunctionsUri: 'functions', invokeUuidUri: 'lambdas/%s/invoke',
    invokeEventUri: 'events/%s/invoke', isImplementedUri: 'events/%s/isImplemented',
  };
  const uris = Object.fromEntries(Object.entries(paths).map(([key, path]) => [key, `//${host}/api/account/%s/${path}`]));
  const domain = generation === 2 ? 'fninvocations' : '';
  return new functions.Client(
    {accountId: account, authStrategy: async () => 'Bearer none', protocol: 'http', failOnErrorStatusCode: true, domain: '', ...uris, ...more},
    {getCsdsEntry: async (_, service) => (service === 'sentinel' ? host : domain)},
  );
}

// failure is the error that a call ends with.
async function failure(call) {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('the call did not fail');
}

const answerOf = error => error.jse_cause.jse_cause.jse_info.response;

async function invocations(name, host, generation) {
  const faas = client(host, generation);
  const invoke = what => faas.invoke({lpEventSource: 'test', body: {payload: {}}, ...what});
  let care;
  await check(`${name}: an event`, async () => {
    const {ok, status, body} = await invoke({eventId: survey, body: unhappy});
    assert.deepEqual([ok, status], [true, 200]);
    assert.deepEqual(body.map(b => b.result), [[], emails]);
    care = body[1].uuid;
    assert.match(care, /^[0-9a-f-]{36}$/);
    assert.ok(Math.abs(Date.now() - Date.parse(body[1].timestamp)) < 60_000);
  });
  await check(`${name}: a function by its UUID`, async () => {
    const {body} = await invoke({lambdaUuid: care, body: {...unhappy, headers: [{key: 'k', value: 'v'}], timestamp: 1}});
    assert.deepEqual(body, emails);
  });
  await check(`${name}: an event with a skill`, async () => {
    const {body} = await invoke({eventId: survey, skillId: '4711', body: unhappy});
    assert.deepEqual(body.map(b => b.result), [[], emails]);
  });
  await check(`${name}: a payload that is none`, async () => {
    const error = await failure(invoke({eventId: survey, body: {payload: {csatRank: 'two'}}}));
    assert.equal(error.name, 'FaaSInvokeError');
    const {status, body} = answerOf(error);
    assert.equal(status, 400);
    assert.equal(generation === 1 ? body.errorCode : body.code,
      generation === 1 ? 'com.liveperson.faas.es.badinput' : 'com.liveperson.faas.evg.invalid');
    assert.match(generation === 1 ? body.errorMsg : body.message, /csatRank/);
  });
  await check(`${name}: a function that is not there`, async () => {
    const error = await failure(invoke({lambdaUuid: '00000000-0000-4000-8000-000000000000'}));
    assert.equal(error.name, 'FaaSInvokeError');
    assert.equal(answerOf(error).status, 404);
  });
  await check(`${name}: implemented and not implemented`, async () => {
    assert.equal(await faas.isImplemented({eventId: survey, externalSystem: 'test'}), true);
    assert.equal(await faas.isImplemented({eventId: 'denver_chat_started', externalSystem: 'test'}), false);
  });
  await lists(name, faas, generation, care);
}

async function lists(name, faas, generation, care) {
  const names = ({body}) => body.map(f => f.name).sort();
  await check(`${name}: getLambdas`, async () => {
    const all = await faas.getLambdas({});
    assert.deepEqual(names(all), ['billing', 'care']);
    const one = all.body.find(f => f.name === 'care');
    assert.deepEqual([one.uuid, one.eventId, one.state], [care, survey, 'Productive']);
    assert.equal(generation === 1, 'implementation' in one);
  });
  await check(`${name}: getLambdas with filters`, async () => {
    assert.deepEqual(names(await faas.getLambdas({eventId: survey, state: ['Productive', 'Draft'], userId: 'u'})), ['billing', 'care']);
    assert.deepEqual(names(await faas.getLambdas({state: 'Draft'})), []);
    assert.deepEqual(names(await faas.getLambdas({eventId: 'denver_chat_started'})), []);
  });
  await check(`${name}: getFunctions with filters`, async () => {
    assert.deepEqual(names(await faas.getFunctions({})), ['billing', 'care']);
    assert.deepEqual(names(await faas.getFunctions({functionName: 'care', state: ['Productive']})), ['care']);
    assert.deepEqual(names(await faas.getFunctions({eventId: survey, state: ['Draft', 'Modified']})), []);
  });
}

async function failingFunctions(name, host, generation) {
  const faas = client(host, generation);
  const invoke = (eventId, more = {}) => faas.invoke({eventId, lpEventSource: 'test', body: {payload: {}}, ...more});
  await check(`${name}: a function that fails`, async () => {
    const error = await failure(invoke('test_failing'));
    assert.equal(error.name, 'FaaSLambdaError');
    assert.deepEqual([answerOf(error).status, answerOf(error).body], [901, generation === 1 ?
      {errorCode: 'com.liveperson.faas.handler.custom-failure', errorMsg: 'no luck today'} :
      {code: 'com.customer.faas.function.threw-error', message: 'no luck today'}]);
  });
  await check(`${name}: a function that takes too long`, async () => {
    const error = await failure(invoke('test_slow'));
    const {status, body} = answerOf(error);
    assert.equal(status, 901);
    // Of the second generation's codes, the client takes one alone for a function's own.
    assert.deepEqual([error.name, body.errorCode ?? body.code], generation === 1 ?
      ['FaaSLambdaError', 'com.liveperson.faas.handler.executiontime-exceeded'] :
      ['FaaSInvokeError', 'com.customer.faas.function.execution-exceeded']);
  });
  await check(`${name}: a function that crashes`, async () => {
    const {status, body} = answerOf(await failure(invoke('test_crashing')));
    assert.equal(status, 901);
    assert.equal(body.errorCode ?? body.code,
      generation === 1 ? 'com.liveperson.faas.handler.runtime-exception' : 'com.customer.faas.function.js-runtime-error');
  });
  await check(`${name}: a failure that is not thrown`, async () => {
    const quiet = client(host, generation, {failOnErrorStatusCode: false});
    const {ok, status, body} = await quiet.invoke({eventId: 'test_failing', lpEventSource: 'test', v1CompError: true, body: {payload: {}}});
    assert.deepEqual([ok, status], [false, 901]);
    assert.equal(body.errorCode, 'com.liveperson.faas.handler.custom-failure');
  });
  await check(`${name}: a function for one skill`, async () => {
    const known = async skillId => client(host, generation).isImplemented({eventId: 'test_skilled', externalSystem: 'test', skillId});
    assert.deepEqual([await known('4711'), await known('4712'), await known(undefined)], [true, false, false]);
    const {body} = await invoke('test_skilled', {skillId: '4711'});
    assert.deepEqual(body.map(b => b.result), ['for the skill']);
    assert.equal(answerOf(await failure(invoke('test_skilled'))).status, 404);
  });
  await check(`${name}: an invocation that is repeated runs once`, async () => {
    const [{result: before}] = (await invoke('test_counting')).body;
    const [{result: repeated}] = (await invoke('test_counting', {requestId: `flaky-${generation}`})).body;
    const [{result: after}] = (await invoke('test_counting')).body;
    assert.deepEqual([repeated - before, after - repeated], [1, 1]);
  });
}

async function tokens(name, host, generation) {
  const secret = who => readFile(`${who}.secret`, 'utf8');
  const as = (clientId, clientSecret) => client(host, generation, {protocol: 'https', authStrategy: {clientId, clientSecret}});
  await check(`${name}: a token for one who may invoke`, async () => {
    const faas = as('chat', await secret('chat'));
    for (let i = 0; i < 2; i++) { // the second time with the token that there is
      const {body} = await faas.invoke({eventId: survey, lpEventSource: 'test', body: unhappy});
      assert.deepEqual(body.map(b => b.result), [[], emails]);
    }
    assert.equal(await faas.isImplemented({eventId: survey, externalSystem: 'test'}), true);
  });
  await check(`${name}: a token for one who may only look`, async () => {
    const faas = as('clerk', await secret('clerk'));
    assert.equal((await faas.getLambdas({})).body.length, 2);
    assert.equal(answerOf(await failure(faas.invoke({eventId: survey, lpEventSource: 'test', body: unhappy}))).status, 403);
  });
  await check(`${name}: a secret that is wrong`, async () => {
    const error = await failure(as('chat', 'not the secret at all').invoke({eventId: survey, body: unhappy}));
    assert.equal(error.jse_cause.jse_cause.name, 'FaaSAppJWTAuthenticationError');
  });
  await check(`${name}: a token that is none`, async () => {
    const faas = client(host, generation, {protocol: 'https'});
    assert.equal(answerOf(await failure(faas.invoke({eventId: survey, body: unhappy}))).status, 401);
  });
}

try {
  const open = await serve('./afterword', 'serve', '--no-auth', '--listen', '127.0.0.1:0', '--account', account, 'rules');
  const closed = await serve('./afterword', 'serve', '--config', 'serve.yaml');
  const faulty = await serve('./server');
  for (const generation of [1, 2]) {
    const name = `generation ${generation}`;
    await invocations(name, open, generation);
    await failingFunctions(name, faulty, generation);
    await tokens(name, closed, generation);
  }
} finally {
  for (const {child, ended} of processes.reverse()) {
    child.kill('SIGTERM');
    const code = await ended;
    if (child.spawnargs.includes('serve')) {
      await check('a gateway ends well', async () => assert.equal(code, 0));
    }
  }
}
console.log(failures ? `${failures} checks failed` : 'all is well');
process.exitCode = failures ? 1 : 0;
