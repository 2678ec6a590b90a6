import { describe, expect, it } from 'vitest';
import type { Endpoints } from '../../src/facts/endpoints.ts';
import { nest } from '../../src/testing/bases.ts';
import { find, linksOf, pick } from './find.ts';

const common =
  "import { All, Body, Controller, Get, Param, Post, Query, Module, RequestMethod, SetMetadata, UseFilters, UseGuards, UseInterceptors, UsePipes, ValidationPipe, ParseIntPipe, applyDecorators, mixin } from '@nestjs/common';\nimport { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, Reflector } from '@nestjs/core';\n";
const main = (lines: string, head = ''): string =>
  `import { NestFactory } from '@nestjs/core';\nimport { ValidationPipe } from '@nestjs/common';\nimport helmet from 'helmet';\nimport { AppModule } from './app.module';\n${head}async function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n${lines}\n  await app.listen(3000);\n}\nbootstrap();\n`;
const guard = (name: string): string => `export class ${name} { canActivate() { return true; } }\n`;
const app = (text: string, extra: Readonly<Record<string, string>> = {}): Promise<Endpoints> =>
  find(nest({ 'src/app.module.ts': common + text, ...extra }));
const bare = (links: readonly string[]): string[] => links.map((one) => one.replace(/ → .*$/, ''));
const of = (found: Endpoints, name: string): string[] => bare(linksOf(pick(found, name)));

describe('the order of a chain', () => {
  it('is middleware, global, controller, method; guards before interceptors before pipes', async () => {
    const found = await app(
      `${guard('Everywhere')}${guard('Second')}${guard('OfController')}${guard('OfMethod')}
class Log { intercept() {} }
class Time { intercept() {} }
class Trim { transform() {} }
class Catch { catch() {} }
class Trace { use() {} }
class CreateItem { name: string; }
interface Shape { a: string }
@UseInterceptors(Time)
@UseGuards(OfController)
@Controller('items')
class Items {
  @UsePipes(Trim) @UseFilters(Catch) @UseGuards(OfMethod) @Post(':id') create(@Body() item: CreateItem, @Param('id', ParseIntPipe) id: number, @Query() shape: Shape) {}
}
@Module({ controllers: [Items], providers: [{ provide: APP_GUARD, useClass: Everywhere }, { provide: APP_INTERCEPTOR, useFactory: () => new Log() }] })
export class AppModule { configure(consumer) { consumer.apply(Trace).forRoutes('*'); } }
`,
      {
        'src/main.ts': main(
          '  app.use(helmet());\n  app.useGlobalPipes(new ValidationPipe());\n  app.useGlobalGuards(new Second());\n  app.use("/docs", docs);',
          "import { Second } from './app.module';\nconst docs = () => {};\n",
        ),
      },
    );
    expect(of(found, 'POST /items/:id')).toEqual([
      'middleware helmet',
      'middleware Trace',
      'guard Everywhere',
      'guard Second',
      'guard OfController',
      'guard OfMethod',
      'interceptor Log',
      'interceptor Time',
      'pipe ValidationPipe',
      'pipe Trim',
      'validator CreateItem on body',
      'pipe ParseIntPipe on params',
      'filter Catch',
    ]);
  });

  it('names the method that runs', async () => {
    const found = await app(
      `${guard('Session')}class Wrap { other() {} intercept() {} }\n@Controller() class Items { @UseInterceptors(new Wrap()) @UseGuards(Session) @Get() list() {} }\n@Module({ controllers: [Items] }) export class AppModule {}\n`,
    );
    const functions = linksOf(pick(found, 'GET /')).map((link) => link.split('#')[1]);
    expect(functions).toEqual(['1', '3']);
  });
});

describe('middleware that modules configure', () => {
  it('holds for its routes, less what is excluded', async () => {
    const found = await app(
      `class Admin { use() {} }\nclass Audit { use() {} }\nclass Session { use() {} }
@Controller('users') class Users { @Get() list() {} @Post('sign-in') signIn() {} @Get(':id') one() {} }
@Controller('orders') class Orders { @Get() list() {} @Post() add() {} }
@Module({ controllers: [Users, Orders] })
export class AppModule {
  configure(consumer) {
    consumer.apply(Session).exclude({ path: 'users/sign-in', method: RequestMethod.POST }).forRoutes('*');
    consumer.apply(Audit).forRoutes(Orders).apply(Admin).forRoutes({ path: 'users/:id', method: RequestMethod.GET });
  }
}
`,
      { 'src/main.ts': main("  app.setGlobalPrefix('api');") },
    );
    expect(of(found, 'GET /api/users')).toEqual(['middleware Session']);
    expect(of(found, 'POST /api/users/sign-in')).toEqual([]);
    expect(of(found, 'GET /api/users/:id')).toEqual(['middleware Session', 'middleware Admin']);
    expect(of(found, 'POST /api/orders')).toEqual(['middleware Session', 'middleware Audit']);
  });

  it('does not hold from modules that nothing reaches', async () => {
    const found = await app(
      `class Session { use() {} }\n@Controller('a') class A { @Get() get() {} }\n@Module({ controllers: [A] }) export class AppModule {}\n@Module({}) export class Lost { configure(consumer) { consumer.apply(Session).forRoutes('*'); } }\n`,
    );
    expect(of(found, 'GET /a')).toEqual([]);
  });
});

describe('metadata that guards read', () => {
  it('is in the chain as settings', async () => {
    const found = await app(
      `import { Throttle } from '@nestjs/throttler';
import { Odd } from 'odd-decorators';
${guard('Everywhere')}const Public = () => SetMetadata('public', true);
const Roles = Reflector.createDecorator<string[]>();
const Documented = () => applyDecorators(Get('documented'));
const Cached = () => (target, key, descriptor) => { descriptor.value = () => 1; };
@Controller() class Items {
  @Public() @Get('open') open() {}
  @Roles(['admin']) @Throttle({ default: { limit: 3, ttl: 60 } }) @Get('closed') closed() {}
  @Documented() documented() {}
  @Odd() @Cached() @Get('odd') odd() {}
}
@Module({ controllers: [Items], providers: [{ provide: APP_GUARD, useClass: Everywhere }] }) export class AppModule {}
`,
    );
    expect(of(found, 'GET /open')).toEqual(['settings Public', 'guard Everywhere']);
    expect(of(found, 'GET /closed')).toEqual(['settings Roles', 'settings Throttle', 'guard Everywhere']);
    expect(of(found, 'GET /documented')).toEqual(['guard Everywhere']);
    expect(of(found, 'GET /odd')).toEqual(['settings Odd', 'guard Everywhere', 'wrapper Cached']);
  });

  it('follows decorators that apply guards with what they are given', async () => {
    const found = await app(
      `${guard('Session')}${guard('Admin')}${guard('Owner')}const Auth = (role: string, ...guards) => applyDecorators(SetMetadata('role', role), UseGuards(Session, ...guards));\n@Controller() class Items { @Auth('x', Admin, Owner) @Get() list() {} }\n@Module({ controllers: [Items] }) export class AppModule {}\n`,
    );
    expect(of(found, 'GET /')).toEqual(['settings Auth', 'guard Session', 'guard Admin', 'guard Owner']);
  });
});

describe('guards', () => {
  it('of passport: what a class adds runs, else what it inherits', async () => {
    const found = await app(
      `import { AuthGuard } from '@nestjs/passport';
export class Plain extends AuthGuard('jwt') {}
export class Own extends AuthGuard('jwt') { canActivate(context) { return super.canActivate(context); } }
export class Handled extends Plain { handleRequest(error, user) { return user; } }
@Controller() class Items {
  @UseGuards(AuthGuard('local')) @Get('a') a() {}
  @UseGuards(Plain) @Get('b') b() {}
  @UseGuards(Own) @Get('c') c() {}
  @UseGuards(Handled) @Get('d') d() {}
}
@Module({ controllers: [Items] }) export class AppModule {}
`,
    );
    expect(linksOf(pick(found, 'GET /a'))).toEqual(['guard AuthGuard']);
    expect(linksOf(pick(found, 'GET /b'))).toEqual(['guard AuthGuard']);
    expect(linksOf(pick(found, 'GET /c'))).toEqual(['guard Own → src/app.module.ts#1']);
    expect(linksOf(pick(found, 'GET /d'))).toEqual(['guard Handled → src/app.module.ts#2']);
  });

  it('made by a function, and those of a base controller', async () => {
    const found = await app(
      `const Needs = (role: string) => { class Made { canActivate() { return role === 'x'; } } return mixin(Made); };
${guard('Session')}@UseGuards(Session) class Base { @Get('inherited') inherited() {} }
@UseGuards(Needs('admin')) @Controller('items') class Items extends Base { @Get() list() {} }
@Module({ controllers: [Items] }) export class AppModule {}
`,
    );
    expect(linksOf(pick(found, 'GET /items'))).toEqual([
      'guard Session → src/app.module.ts#3',
      'guard Needs → src/app.module.ts#2',
    ]);
    expect(of(found, 'GET /items/inherited')).toEqual(['guard Session', 'guard Needs']);
  });
});

it('keeps global guards from gateways, and from messages of a service that does not hand them on', async () => {
  const text = `import { Resolver, Query as Field } from '@nestjs/graphql';
import { MessagePattern } from '@nestjs/microservices';
import { WebSocketGateway, SubscribeMessage } from '@nestjs/websockets';
${guard('Everywhere')}${guard('Own')}@Controller() class Messages { @UseGuards(Own) @MessagePattern({ cmd: 'sum' }) sum() {} }
@Resolver() class Books { @Field(() => String) books() {} }
@WebSocketGateway() class Chat { @UseGuards(Own) @SubscribeMessage('say') say() {} }
@Module({ controllers: [Messages], providers: [Books, Chat, { provide: APP_GUARD, useClass: Everywhere }] }) export class AppModule {}
`;
  const hybrid = await app(text, { 'src/main.ts': main('  app.connectMicroservice({ transport: 0 });') });
  expect(of(hybrid, 'message sum')).toEqual(['guard Own']);
  expect(of(hybrid, 'message say')).toEqual(['guard Own']);
  expect(of(hybrid, 'query books')).toEqual(['guard Everywhere']);
  const whole = await app(text, {
    'src/main.ts': main('  app.connectMicroservice({ transport: 0 }, { inheritAppConfig: true });'),
  });
  expect(of(whole, 'message sum')).toEqual(['guard Everywhere', 'guard Own']);
});
