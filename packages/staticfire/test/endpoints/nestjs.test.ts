import { describe, expect, it } from 'vitest';
import { nest } from '../../src/testing/bases.ts';
import { chainOf, find, pick, shown } from './find.ts';

const common =
  "import { Controller, Get, Post, Put, UseGuards, Version, Module, applyDecorators } from '@nestjs/common';\n";
const main = (lines: string): string =>
  `import { NestFactory } from '@nestjs/core';\nimport { VersioningType } from '@nestjs/common';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n${lines}\n  await app.listen(3000);\n}\nbootstrap();\n`;

describe('controllers', () => {
  it('counts only what the root module reaches', async () => {
    const found = await find(
      nest({
        'src/app.module.ts': `${common}import { ItemsModule } from './items';\nimport { Lost } from './lost';\n@Module({ imports: [ItemsModule.forRoot({ some: Lost })] })\nexport class AppModule {}\n`,
        'src/items.ts': `${common}@Controller('items')\nexport class Items {\n  @Get() list() {}\n  @Get(['a', 'b']) two() {}\n  @Post(':id/copy') copy() {}\n  helper() {}\n}\nconst controllers = [Items];\nexport class ItemsModule {\n  static forRoot() { return { module: ItemsModule, controllers: [...controllers] }; }\n}\n`,
        'src/lost.ts': `${common}@Controller('lost')\nexport class Lost {\n  @Get() none() {}\n}\n`,
      }),
    );
    expect(shown(found)).toEqual(['GET /items', 'POST /items/:id/copy', 'GET /items/a', 'GET /items/b']);
  });

  it('reads prefix, versions, guards and decorators that apply others', async () => {
    const found = await find(
      nest({
        'src/main.ts': main(
          "  app.setGlobalPrefix('api', { exclude: ['health'] });\n  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });",
        ),
        'src/app.module.ts':
          `${common}import { APP_GUARD } from '@nestjs/core';\nimport { Orders, Base } from './orders';\n@Controller({ path: 'health', version: VERSION_NEUTRAL })\nclass Health { @Get() ping() {} }\nclass Everywhere {}\n@Module({ controllers: [Orders, Health], providers: [{ provide: APP_GUARD, useClass: Everywhere }] })\nexport class AppModule {}\n`.replace(
            '{ Controller,',
            '{ VERSION_NEUTRAL, Controller,',
          ),
        'src/orders.ts': `${common}class Session {}\nclass Admin {}\nconst Secured = (path: string) => applyDecorators(Put(path), UseGuards(Admin));\nexport class Base { @Get('inherited') inherited() {} }\n@UseGuards(Session)\n@Controller('orders')\nexport class Orders extends Base {\n  @Version('2') @Get() list() {}\n  @Secured(':id') change() {}\n}\n`,
      }),
    );
    expect(shown(found)).toEqual([
      'PUT /api/v1/orders/:id',
      'GET /api/v1/orders/inherited',
      'GET /api/v2/orders',
      'GET /health',
    ]);
    expect(chainOf(pick(found, 'PUT /api/v1/orders/:id'))).toEqual(['Everywhere', 'Session', 'Admin']);
  });

  it('puts the prefix of RouterModule in front', async () => {
    const found = await find(
      nest({
        'src/app.module.ts': `${common}import { RouterModule } from '@nestjs/core';\n@Controller('users')\nclass Users { @Get() list() {} }\n@Module({ controllers: [Users] })\nclass AdminModule {}\n@Module({ imports: [AdminModule, RouterModule.register([{ path: 'admin', module: AdminModule }])] })\nexport class AppModule {}\n`,
      }),
    );
    expect(shown(found)).toEqual(['GET /admin/users']);
  });
});

it('reads metadata that a function makes, and lists that are added to', async () => {
  const found = await find(
    nest({
      'src/app.module.ts': `${common}@Controller('a') class A { @Get() get() {} }\n@Controller('b') class B { @Get() get() {} }\n@Controller('c') class C { @Get() get() {} }\nconst config = () => ({ controllers: [A] });\n@Module(config()) class AModule {}\n@Module({ controllers: [B] }) class BModule {}\n@Module({ controllers: [C] }) class CModule {}\nconst base = [AModule];\nconst modules = base.concat([]);\nmodules.push(BModule);\nif (process.env.NODE_ENV === 'test') modules.push(CModule);\n@Module({ imports: modules })\nexport class AppModule {}\n`,
    }),
  );
  expect(shown(found)).toEqual(['GET /a', 'GET /b']);
});

it('counts resolvers and gateways', async () => {
  const found = await find(
    nest({
      'src/app.module.ts': `${common}import { Resolver, Query, Mutation, ResolveField } from '@nestjs/graphql';\nimport { WebSocketGateway, SubscribeMessage } from '@nestjs/websockets';\n@Resolver()\nclass Books {\n  @Query(() => String, { name: 'books' }) all() {}\n  @Mutation(() => String) addBook() {}\n  @ResolveField() author() {}\n}\n@WebSocketGateway()\nclass Chat { @SubscribeMessage('say') say() {} }\n@Module({ providers: [Books, Chat] })\nexport class AppModule {}\n`,
    }),
  );
  expect(found.list.map((one) => `${one.surface} ${one.method} ${one.path}`)).toEqual([
    'graphql mutation addBook',
    'graphql query books',
    'rpc message say',
  ]);
});
